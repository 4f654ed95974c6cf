/// The 64 characters of a base64 form and the coding over them, without padding (RFC 4648 sections 4 and 5).
struct Base64Alphabet: Sendable {
  static let standard = Base64Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  static let urlSafe = Base64Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

  private static let none: UInt8 = 0xFF

  private let characters: [UInt8]
  /// The value of each byte, `none` for those outside the alphabet.
  private let values: [UInt8]

  private init(_ text: StaticString) {
    characters = text.withUTF8Buffer { Array($0) }
    var values = [UInt8](repeating: Self.none, count: 256)
    for (value, character) in characters.enumerated() { values[Int(character)] = UInt8(value) }
    self.values = values
  }

  /// Characters of the form of `count` bytes.
  static func encodedCount(_ count: Int) -> Int { count / 3 * 4 + (count % 3 == 0 ? 0 : count % 3 + 1) }

  /// Bytes behind a form of `count` characters.
  static func decodedCount(_ count: Int) -> Int { count / 4 * 3 + max(0, count % 4 - 1) }

  func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    text.reserveCapacity(text.count + Self.encodedCount(bytes.count) + 2)
    let whole = bytes.count - bytes.count % 3
    var index = 0
    while index < whole {
      let group = Int(bytes[index]) << 16 | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2])
      text.append(characters[group >> 18])
      text.append(characters[group >> 12 & 63])
      text.append(characters[group >> 6 & 63])
      text.append(characters[group & 63])
      index += 3
    }
    switch bytes.count - whole {
    case 1:
      let group = Int(bytes[index])
      text.append(characters[group >> 2])
      text.append(characters[group << 4 & 63])
    case 2:
      let group = Int(bytes[index]) << 8 | Int(bytes[index + 1])
      text.append(characters[group >> 10])
      text.append(characters[group >> 4 & 63])
      text.append(characters[group << 2 & 63])
    default: break
    }
  }

  /// Decodes into `output`, which holds exactly `decodedCount` bytes.
  func decode(_ text: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) throws(CodecError) {
    guard text.count % 4 != 1 else { throw .invalidLength(text.count) }
    let whole = text.count - text.count % 4
    var index = 0
    var position = 0
    while index < whole {
      let group = try value(text, index) << 12 | value(text, index + 2)
      output[position] = UInt8(truncatingIfNeeded: group >> 16)
      output[position + 1] = UInt8(truncatingIfNeeded: group >> 8)
      output[position + 2] = UInt8(truncatingIfNeeded: group)
      index += 4
      position += 3
    }
    guard index < text.count else { return }
    let pair = try value(text, index)
    output[position] = UInt8(truncatingIfNeeded: pair >> 4)
    if text.count - index == 2 {
      guard pair & 15 == 0 else { throw .notCanonical }
    } else {
      let last = try value(one: text, index + 2)
      guard last & 3 == 0 else { throw .notCanonical }
      output[position + 1] = UInt8(truncatingIfNeeded: (pair << 6 | last) >> 2)
    }
  }

  @inline(__always)
  private func value(_ text: Span<UInt8>, _ index: Int) throws(CodecError) -> Int {
    let high = values[Int(text[index])]
    let low = values[Int(text[index + 1])]
    // Values end at 63, so the top bit of either tells a stranger.
    guard (high | low) & 0x80 == 0 else {
      throw .invalidCharacter(offset: high == Self.none ? index : index + 1)
    }
    return Int(high) << 6 | Int(low)
  }

  @inline(__always)
  private func value(one text: Span<UInt8>, _ index: Int) throws(CodecError) -> Int {
    let value = values[Int(text[index])]
    guard value != Self.none else { throw .invalidCharacter(offset: index) }
    return Int(value)
  }
}
