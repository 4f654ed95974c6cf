/// Reads HTTP/1.1 and HTTP/1.0 requests from bytes as they arrive (RFC 9112); no I/O, no clock.
///
/// The caller keeps the unread bytes, hands all of them in with each call and drops `consumed` of them afterwards. A
/// request in any number of pieces costs O(its length). Whatever two readers could understand in two ways is refused:
/// see `HTTPParseError`. After an error every further call throws the same error.
public struct HTTPRequestParser: Sendable {
  /// What the parser found.
  public enum Event: Sendable {
    /// Nothing more in these bytes; call again when there are more.
    case needsMore
    /// A whole head; set `bodyLimit` before the next call.
    case head(HTTPRequestHead)
    /// A piece of the body: a range of the bytes handed in. Copy it before dropping the consumed bytes.
    case body(Range<Int>)
    /// The end of the request; it comes after each head, with or without a body.
    case end
  }

  /// An event and how many bytes from the front are used up.
  public struct Step: Sendable {
    /// Bytes to drop, after a `body` range was copied.
    public let consumed: Int
    /// What was found.
    public let event: Event
  }

  private enum State: Sendable {
    /// Before the first byte of a request. Next: requestLine, failed.
    case start
    /// The request line is not complete. Next: fields, failed.
    case requestLine
    /// Inside the fields. Next: body, chunks, end, failed.
    case fields
    /// Inside a body of known length, bytes to come. Next: end, failed.
    case body(Int)
    /// Inside a chunked body. Next: end, failed.
    case chunks
    /// The end has to be told. Next: start.
    case end
    /// Final.
    case failed(HTTPParseError)
  }

  /// The most bytes of the current request's body; longer ones throw `bodyTooLarge`. Reset by each head.
  public var bodyLimit = Int.max

  private let limits: HTTPLimits
  private var state = State.start
  private var scanner = HeadScanner()
  private var framing = BodyFraming()
  private var chunks = ChunkedDecoder()
  private var bodyBytes = 0
  private var line = RequestLine.none
  private var host: Range<Int>?
  private var expectsContinue = false

  /// Makes a parser at the start of a connection.
  public init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

  /// Whether no byte of a next request has been seen: the connection is idle.
  public var isAtStart: Bool {
    if case .start = state { true } else { false }
  }

  /// Reads on; see `Event`.
  public mutating func next(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Step {
    do throws(HTTPParseError) {
      return try advance(bytes)
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Takes the `end` event of a request without a body, for callers that know it from the head.
  mutating func skipEnd() {
    if case .end = state { state = .start }
  }

  private mutating func advance(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Step {
    switch state {
    case .start:
      guard !bytes.isEmpty else { return Step(consumed: 0, event: .needsMore) }
      state = .requestLine
      return try readHead(bytes)
    case .requestLine, .fields: return try readHead(bytes)
    case .body(let remaining):
      if bodyBytes > bodyLimit || remaining > bodyLimit - bodyBytes { throw .bodyTooLarge }
      guard !bytes.isEmpty else { return Step(consumed: 0, event: .needsMore) }
      let count = min(remaining, bytes.count)
      bodyBytes += count
      state = count == remaining ? .end : .body(remaining - count)
      return Step(consumed: count, event: .body(0..<count))
    case .chunks:
      let (consumed, event) = try chunks.next(bytes, limits: limits)
      switch event {
      case .needsMore: return Step(consumed: consumed, event: .needsMore)
      case .data(let range):
        if bodyBytes > bodyLimit || range.count > bodyLimit - bodyBytes { throw .bodyTooLarge }
        bodyBytes += range.count
        return Step(consumed: consumed, event: .body(range))
      case .end:
        state = .start
        return Step(consumed: consumed, event: .end)
      }
    case .end:
      state = .start
      return Step(consumed: 0, event: .end)
    case .failed(let error): throw error
    }
  }

  private mutating func readHead(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Step {
    if case .requestLine = state {
      guard let range = try nextRequestLine(bytes) else { return Step(consumed: 0, event: .needsMore) }
      line = try RequestLine(bytes, range, limits: limits)
      state = .fields
    }
    while let range = try scanner.nextLine(
      bytes, lineLimit: limits.headBytes, onLongLine: .headTooLarge, limits: limits)
    {
      if range.isEmpty { return try finishHead(bytes) }
      let (name, value) = try scanner.readField(bytes, line: range, limits: limits)
      try framing.read(bytes, name: name, value: value)
      if ASCII.equals(bytes, name, "host") {
        if host != nil { throw .duplicateHost }
        for index in value where !ASCII.isHost(bytes[index]) { throw .malformedHost }
        host = value
      } else if ASCII.equals(bytes, name, "expect") {
        guard ASCII.equals(bytes, value, "100-continue") else { throw .unsupportedExpectation }
        expectsContinue = true
      }
    }
    return Step(consumed: 0, event: .needsMore)
  }

  private mutating func nextRequestLine(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Range<Int>? {
    if scanner.lineStart == 0, bytes[0] == ASCII.carriageReturn {
      guard bytes.count > 1 else { return nil }
      guard bytes[1] == ASCII.lineFeed else { throw .bareLineEnd }
      scanner.skipEmptyLine()
    }
    // A first byte that begins no method (a TLS hello, say) is refused at once, not when a line end happens to come.
    if bytes.count > scanner.lineStart, !ASCII.isToken(bytes[scanner.lineStart]) { throw .malformedRequestLine }
    // 64: the longest method, two spaces and the version.
    return try scanner.nextLine(
      bytes, lineLimit: limits.targetBytes + 64, onLongLine: .targetTooLong, limits: limits)
  }

  private mutating func finishHead(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Step {
    try framing.check(isHTTP10: line.isHTTP10)
    if host == nil, !line.isHTTP10 { throw .missingHost }
    let count = scanner.lineStart
    let copy = bytes.extracting(0..<count).withUnsafeBufferPointer { Array($0) }
    let head = HTTPRequestHead(
      method: line.method, headers: HTTPHeaders(bytes: copy, fields: scanner.finish()), isHTTP10: line.isHTTP10,
      contentLength: framing.contentLength, isChunked: framing.isChunked,
      allowsReuse: framing.allowsReuse(isHTTP10: line.isHTTP10),
      // An HTTP/1.0 client cannot understand an interim response (RFC 9110 section 10.1.1).
      expectsContinue: expectsContinue && !line.isHTTP10, target: line.target)
    if framing.isChunked {
      chunks = ChunkedDecoder()
      state = .chunks
    } else if let length = framing.contentLength, length > 0 {
      state = .body(length)
    } else {
      state = .end
    }
    bodyLimit = Int.max
    bodyBytes = 0
    framing = BodyFraming()
    host = nil
    expectsContinue = false
    return Step(consumed: count, event: .head(head))
  }
}
