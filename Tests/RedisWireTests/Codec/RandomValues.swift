import RedisWire
import TestSupport

/// Random trees of values and the bytes that a server would send for them.
enum RandomValues {
  /// A value of at most `depth` levels; with `isRESP3` of every type that may stand anywhere.
  static func value(_ generator: inout SeededGenerator, depth: Int, isRESP3: Bool) -> RESPValue {
    let sorts = isRESP3 ? 12 : 6
    switch Int.random(in: 0..<(depth > 0 ? sorts : sorts - (isRESP3 ? 3 : 1)), using: &generator) {
    case 0: return .bulk(generator.bytes(Int.random(in: 0...60, using: &generator)))
    case 1: return .integer(Int64(bitPattern: generator.next() >> UInt64.random(in: 0...63, using: &generator)))
    case 2: return .simple(text(&generator))
    case 3: return .error(RedisServerError(line: text(&generator)))
    case 4: return .null
    case 5 where !isRESP3: return .array(values(&generator, depth: depth, isRESP3: isRESP3))
    case 5: return .boolean(Bool.random(using: &generator))
    case 6: return .double(Double(Int.random(in: -1_000_000...1_000_000, using: &generator)) / 64)
    case 7: return .bigNumber((Bool.random(using: &generator) ? "-" : "") + "1\(generator.next())\(generator.next())")
    case 8: return .bulk([])
    case 9: return .array(values(&generator, depth: depth, isRESP3: isRESP3))
    case 10: return .set(values(&generator, depth: depth, isRESP3: isRESP3))
    default:
      let keys = values(&generator, depth: depth, isRESP3: isRESP3)
      return .map(RESPMap(alternating: keys.flatMap { [$0, .null] })!)
    }
  }

  private static func values(_ generator: inout SeededGenerator, depth: Int, isRESP3: Bool) -> [RESPValue] {
    (0..<Int.random(in: 0...5, using: &generator)).map { _ in
      value(&generator, depth: depth - 1, isRESP3: isRESP3)
    }
  }

  private static func text(_ generator: inout SeededGenerator) -> String {
    String((0..<Int.random(in: 0...20, using: &generator)).map { _ in "aB 1é€".randomElement(using: &generator)! })
  }

  /// What a server writes for `value`; with `attributes` some values have an attribute in front.
  static func encode(_ value: RESPValue, attributes generator: inout SeededGenerator?) -> [UInt8] {
    var bytes: [UInt8] = []
    if generator != nil, Int.random(in: 0..<8, using: &generator!) == 0 { bytes += Array("|1\r\n+ttl\r\n:60\r\n".utf8) }
    switch value {
    case .null: bytes += Array((generator == nil ? "$-1\r\n" : "_\r\n").utf8)
    case .simple(let text): bytes += Array("+\(text)\r\n".utf8)
    case .bulk(let content): bytes += Array("$\(content.count)\r\n".utf8) + content + [13, 10]
    case .integer(let number): bytes += Array(":\(number)\r\n".utf8)
    case .boolean(let flag): bytes += Array("#\(flag ? "t" : "f")\r\n".utf8)
    case .double(let number): bytes += Array(",\(number)\r\n".utf8)
    case .bigNumber(let digits): bytes += Array("(\(digits)\r\n".utf8)
    case .verbatim(let text):
      bytes += Array("=\(text.bytes.count + 4)\r\n\(text.format):".utf8) + text.bytes + [13, 10]
    case .error(let error): bytes += Array("-\(error.line)\r\n".utf8)
    case .array(let elements): bytes += encode(elements, "*", &generator)
    case .set(let elements): bytes += encode(elements, "~", &generator)
    case .push(let elements): bytes += encode(elements, ">", &generator)
    case .map(let map):
      bytes += Array("%\(map.count)\r\n".utf8)
      for (key, value) in map {
        bytes += encode(key, attributes: &generator) + encode(value, attributes: &generator)
      }
    }
    return bytes
  }

  private static func encode(
    _ elements: [RESPValue], _ type: String, _ generator: inout SeededGenerator?
  ) -> [UInt8] {
    var bytes = Array("\(type)\(elements.count)\r\n".utf8)
    for element in elements { bytes += encode(element, attributes: &generator) }
    return bytes
  }
}
