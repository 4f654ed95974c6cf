/// The values of RESP3 that are one short line.
enum RESPScalar {
  /// - Parameter type: one of `_`, `#`, `,` and `(`.
  static func value(of type: UInt8, _ input: Span<UInt8>, _ line: Range<Int>) throws(RESPFault) -> RESPValue {
    switch type {
    case UInt8(ascii: "_"):
      guard line.isEmpty else { throw RESPFault(.null, at: line.lowerBound) }
      return .null
    case UInt8(ascii: "#"):
      guard line.count == 1 else { throw RESPFault(.boolean, at: line.lowerBound) }
      switch input[line.lowerBound] {
      case UInt8(ascii: "t"): return .boolean(true)
      case UInt8(ascii: "f"): return .boolean(false)
      default: throw RESPFault(.boolean, at: line.lowerBound)
      }
    case UInt8(ascii: ","): return .double(try double(input, line))
    default: return .bigNumber(try bigNumber(input, line))
    }
  }

  private static func double(_ input: Span<UInt8>, _ line: Range<Int>) throws(RESPFault) -> Double {
    let text = RESPExtent(range: line).text(of: input)
    switch text {
    case "inf": return .infinity
    case "-inf": return -.infinity
    case "nan", "-nan": return .nan
    default: break
    }
    for index in line {
      switch input[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        break
      default: throw RESPFault(.double, at: index)
      }
    }
    // 400 digits spell any double; more are an attempt to keep the parser busy.
    guard line.count <= 400, let value = Double(text) else { throw RESPFault(.double, at: line.lowerBound) }
    return value
  }

  private static func bigNumber(_ input: Span<UInt8>, _ line: Range<Int>) throws(RESPFault) -> String {
    var digits = line
    if !line.isEmpty, input[line.lowerBound] == UInt8(ascii: "-") {
      digits = line.lowerBound + 1..<line.upperBound
    }
    guard !digits.isEmpty else { throw RESPFault(.bigNumber, at: line.lowerBound) }
    for index in digits {
      guard case UInt8(ascii: "0")...UInt8(ascii: "9") = input[index] else { throw RESPFault(.bigNumber, at: index) }
    }
    return RESPExtent(range: line).text(of: input)
  }
}
