/// Reads HTTP/1.1 and HTTP/1.0 responses from bytes as they arrive; the client's side of `HTTPRequestParser`.
///
/// Interim responses (1xx) are passed over. Call `expect` before each response.
public struct HTTPResponseParser: Sendable {
  /// What the parser found.
  public enum Event: Sendable {
    /// Nothing more in these bytes.
    case needsMore
    /// A whole head of a final response.
    case head(HTTPResponseHead)
    /// A piece of the body: a range of the bytes handed in.
    case body(Range<Int>)
    /// The end of the response.
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
    /// The status line is not complete. Next: fields, failed.
    case statusLine
    /// Inside the fields. Next: statusLine (after 1xx), body, chunks, untilClose, end, failed.
    case fields
    /// Inside a body of known length, bytes to come. Next: end.
    case body(Int)
    /// Inside a chunked body. Next: done, failed.
    case chunks
    /// Inside a body that ends with the connection. Next: done.
    case untilClose
    /// The end has to be told. Next: done.
    case end
    /// After the end. Next: statusLine, by `expect`.
    case done
    /// Final.
    case failed(HTTPParseError)
  }

  private let limits: HTTPLimits
  private var state = State.done
  private var answersHead = false
  private var scanner = HeadScanner()
  private var framing = BodyFraming()
  private var chunks = ChunkedDecoder()
  private var isHTTP10 = false
  private var status = HTTPStatus.ok

  /// Makes a parser at the start of a connection.
  public init(limits: HTTPLimits = HTTPLimits()) { self.limits = limits }

  /// Begins a response; one to HEAD has no body whatever its fields say.
  public mutating func expect(toHead: Bool) {
    answersHead = toHead
    state = .statusLine
    framing = BodyFraming()
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

  /// Says that the server has closed; returns when that was the end of a response.
  ///
  /// - Throws: `truncated` when a response is not complete.
  public mutating func finish() throws(HTTPParseError) {
    switch state {
    case .untilClose, .done: state = .done
    case .failed(let error): throw error
    default: throw .truncated
    }
  }

  private mutating func advance(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Step {
    switch state {
    case .statusLine, .fields: return try readHead(bytes)
    case .body(let remaining):
      guard !bytes.isEmpty else { return Step(consumed: 0, event: .needsMore) }
      let count = min(remaining, bytes.count)
      state = count == remaining ? .end : .body(remaining - count)
      return Step(consumed: count, event: .body(0..<count))
    case .chunks:
      let (consumed, event) = try chunks.next(bytes, limits: limits)
      switch event {
      case .needsMore: return Step(consumed: consumed, event: .needsMore)
      case .data(let range): return Step(consumed: consumed, event: .body(range))
      case .end:
        state = .done
        return Step(consumed: consumed, event: .end)
      }
    case .untilClose:
      guard !bytes.isEmpty else { return Step(consumed: 0, event: .needsMore) }
      return Step(consumed: bytes.count, event: .body(0..<bytes.count))
    case .end:
      state = .done
      return Step(consumed: 0, event: .end)
    case .done:
      // Bytes that nobody asked for: the connection cannot be trusted.
      if bytes.isEmpty { return Step(consumed: 0, event: .needsMore) }
      throw .malformedStatusLine
    case .failed(let error): throw error
    }
  }

  private mutating func readHead(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Step {
    if case .statusLine = state {
      guard
        let line = try scanner.nextLine(
          bytes, lineLimit: limits.headBytes, onLongLine: .headTooLarge, limits: limits)
      else { return Step(consumed: 0, event: .needsMore) }
      try readStatusLine(bytes, line)
      state = .fields
    }
    while let line = try scanner.nextLine(
      bytes, lineLimit: limits.headBytes, onLongLine: .headTooLarge, limits: limits)
    {
      if line.isEmpty { return try finishHead(bytes) }
      let (name, value) = try scanner.readField(bytes, line: line, limits: limits)
      try framing.read(bytes, name: name, value: value)
    }
    return Step(consumed: 0, event: .needsMore)
  }

  private mutating func readStatusLine(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HTTPParseError) {
    let start = line.lowerBound
    guard line.count >= 12, ASCII.equals(bytes, start..<(start + 7), "HTTP/1."),
      bytes[start + 7] == 48 || bytes[start + 7] == 49, bytes[start + 8] == ASCII.space,
      line.count == 12 || bytes[start + 12] == ASCII.space
    else { throw .malformedStatusLine }
    var code = 0
    for index in (start + 9)..<(start + 12) {
      guard ASCII.isDigit(bytes[index]) else { throw .malformedStatusLine }
      code = code * 10 + Int(bytes[index] - 48)
    }
    guard (100...599).contains(code) else { throw .malformedStatusLine }
    for index in line where !ASCII.isFieldValue(bytes[index]) { throw .malformedStatusLine }
    isHTTP10 = bytes[start + 7] == 48
    status = HTTPStatus(code)
  }

  private mutating func finishHead(_ bytes: Span<UInt8>) throws(HTTPParseError) -> Step {
    let count = scanner.lineStart
    let fields = scanner.finish()
    try framing.check(isHTTP10: isHTTP10)
    if status.code < 200, status.code != 101 {
      framing = BodyFraming()
      state = .statusLine
      let rest = try readHead(bytes.extracting(count..<bytes.count))
      return Step(consumed: count + rest.consumed, event: rest.event)
    }
    let copy = bytes.extracting(0..<count).withUnsafeBufferPointer { Array($0) }
    var allowsReuse = framing.allowsReuse(isHTTP10: isHTTP10)
    if answersHead || status.forbidsBody {
      state = .end
    } else if framing.isChunked {
      chunks = ChunkedDecoder()
      state = .chunks
    } else if let length = framing.contentLength {
      state = length > 0 ? .body(length) : .end
    } else {
      state = .untilClose
      allowsReuse = false
    }
    let head = HTTPResponseHead(
      status: status, headers: HTTPHeaders(bytes: copy, fields: fields), allowsReuse: allowsReuse)
    return Step(consumed: count, event: .head(head))
  }
}
