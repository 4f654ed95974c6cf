/// What the fields of a head say about the length of its body; shared by requests and responses.
struct BodyFraming: Sendable {
  var contentLength: Int?
  var isChunked = false
  private var sawTransferEncoding = false
  private var transferEncodingError: HTTPParseError?
  var closes = false
  var keepsAlive = false

  /// Takes in one field when it concerns framing or the connection.
  mutating func read(_ bytes: Span<UInt8>, name: Range<Int>, value: Range<Int>) throws(HTTPParseError) {
    switch name.count {
    case 10 where ASCII.equals(bytes, name, "connection"):
      var closes = self.closes
      var keepsAlive = self.keepsAlive
      ASCII.forEachElement(bytes, value) { element in
        if ASCII.equals(bytes, element, "close") { closes = true }
        if ASCII.equals(bytes, element, "keep-alive") { keepsAlive = true }
      }
      self.closes = closes
      self.keepsAlive = keepsAlive
    case 14 where ASCII.equals(bytes, name, "content-length"):
      guard contentLength == nil else { throw .malformedContentLength }
      contentLength = try Self.number(bytes, value)
    case 17 where ASCII.equals(bytes, name, "transfer-encoding"):
      if sawTransferEncoding { throw .malformedTransferEncoding }
      sawTransferEncoding = true
      isChunked = ASCII.equals(bytes, value, "chunked")
      if !isChunked { transferEncodingError = Self.refusal(bytes, value) }
    default: break
    }
  }

  /// Checks what only the whole head tells: the two kinds of length exclude each other (RFC 9112 section 6.1).
  func check(isHTTP10: Bool) throws(HTTPParseError) {
    guard sawTransferEncoding else { return }
    if contentLength != nil { throw .ambiguousLength }
    if isHTTP10 { throw .malformedTransferEncoding }
    if let transferEncodingError { throw transferEncodingError }
  }

  /// Whether the connection can carry another message after this one.
  func allowsReuse(isHTTP10: Bool) -> Bool { !closes && (!isHTTP10 || keepsAlive) }

  private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPParseError) -> Int {
    guard (1...18).contains(range.count) else { throw .malformedContentLength }
    var value = 0
    for index in range {
      guard ASCII.isDigit(bytes[index]) else { throw .malformedContentLength }
      value = value * 10 + Int(bytes[index] - 48)
    }
    return value
  }

  /// A list of known shape that ends in `chunked` is understood but not offered; all else is malformed.
  private static func refusal(_ bytes: Span<UInt8>, _ value: Range<Int>) -> HTTPParseError {
    var codings = 0
    var chunkedAt: [Int] = []
    ASCII.forEachElement(bytes, value) { element in
      if ASCII.equals(bytes, element, "chunked") { chunkedAt.append(codings) }
      codings += 1
    }
    return codings > 1 && chunkedAt == [codings - 1] ? .unsupportedTransferEncoding : .malformedTransferEncoding
  }
}
