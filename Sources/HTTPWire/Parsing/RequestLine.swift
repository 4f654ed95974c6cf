/// `method SP request-target SP HTTP-version` (RFC 9112 section 3), with exactly one space between the parts.
struct RequestLine: Sendable {
  var method: HTTPMethod
  var target: RequestTarget
  var isHTTP10: Bool

  /// A stand-in before the first line was read.
  static let none = RequestLine()

  private init() {
    method = .unknown
    target = RequestTarget(path: 0..<0, query: 0..<0)
    isHTTP10 = false
  }

  init(_ bytes: Span<UInt8>, _ line: Range<Int>, limits: HTTPLimits) throws(HTTPParseError) {
    var index = line.lowerBound
    while index < line.upperBound, ASCII.isToken(bytes[index]) { index += 1 }
    // 32 is longer than any registered method.
    guard index > line.lowerBound, index < line.upperBound, index - line.lowerBound <= 32,
      bytes[index] == ASCII.space
    else { throw Self.refusal(bytes, line, at: index) }
    method = HTTPMethod(bytes, line.lowerBound..<index)
    let targetStart = index + 1
    var targetEnd = targetStart
    while targetEnd < line.upperBound, bytes[targetEnd] != ASCII.space { targetEnd += 1 }
    guard targetEnd < line.upperBound else { throw Self.refusal(bytes, line, at: targetStart) }
    if targetEnd - targetStart > limits.targetBytes { throw .targetTooLong }
    isHTTP10 = try Self.readVersion(bytes, (targetEnd + 1)..<line.upperBound)
    if method == .connect { throw .unsupportedMethod }
    target = try RequestTarget(bytes, targetStart..<targetEnd, method: method)
  }

  private static func readVersion(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPParseError) -> Bool {
    let name: StaticString = "HTTP/"
    guard range.count == 8 else { throw refusal(bytes, range, at: range.lowerBound) }
    for index in 0..<5 where bytes[range.lowerBound + index] != name.utf8Start[index] {
      throw refusal(bytes, range, at: range.lowerBound)
    }
    let major = bytes[range.lowerBound + 5]
    let minor = bytes[range.lowerBound + 7]
    guard ASCII.isDigit(major), bytes[range.lowerBound + 6] == UInt8(ascii: "."), ASCII.isDigit(minor) else {
      throw refusal(bytes, range, at: range.lowerBound)
    }
    guard major == UInt8(ascii: "1"), minor <= UInt8(ascii: "1") else { throw .unsupportedVersion }
    return minor == UInt8(ascii: "0")
  }

  /// A stray CR is named as such, wherever in the line the reader gave up.
  private static func refusal(_ bytes: Span<UInt8>, _ range: Range<Int>, at start: Int) -> HTTPParseError {
    for index in start..<range.upperBound where bytes[index] == ASCII.carriageReturn { return .bareLineEnd }
    return .malformedRequestLine
  }
}

extension RequestTarget {
  init(path: Range<Int>, query: Range<Int>) {
    self.path = path
    self.query = query
  }
}
