/// Where in the input the content of a line or of a string lies.
struct RESPExtent {
  let range: Range<Int>
  let isNull: Bool

  init(range: Range<Int>) {
    self.range = range
    isNull = false
  }

  private init() {
    range = 0..<0
    isNull = true
  }

  static let null = RESPExtent()

  func bytes(of input: Span<UInt8>) -> [UInt8] {
    input.extracting(range).withUnsafeBufferPointer { Array($0) }
  }

  func text(of input: Span<UInt8>) -> String {
    // The one status that nearly every write is answered with.
    if range.count == 2, input[range.lowerBound] == UInt8(ascii: "O"), input[range.lowerBound + 1] == UInt8(ascii: "K")
    {
      return "OK"
    }
    return input.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}
