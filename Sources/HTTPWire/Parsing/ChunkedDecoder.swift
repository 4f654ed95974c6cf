/// Takes the chunked transfer coding off a body (RFC 9112 section 7.1), one byte of framing at a time.
///
/// Extensions and trailers are checked for shape, bounded and dropped.
struct ChunkedDecoder: Sendable {
  private enum State: Sendable {
    /// Before the first digit of a size. Next: sizeDigits.
    case size
    /// Inside a size. Next: extensions, sizeEnd.
    case sizeDigits
    /// After a `;`. Next: sizeEnd.
    case extensions
    /// After the CR of a size line. Next: data, trailerStart.
    case sizeEnd
    /// Inside a chunk's data. Next: dataEnd.
    case data
    /// Before the CR after the data. Next: dataLineFeed.
    case dataEnd
    /// Before the LF after the data. Next: size.
    case dataLineFeed
    /// At the start of a trailer line. Next: trailerName, finalLineFeed.
    case trailerStart
    /// Inside a trailer's name. Next: trailerValue.
    case trailerName
    /// Inside a trailer's value. Next: trailerLineFeed.
    case trailerValue
    /// After the CR of a trailer. Next: trailerStart.
    case trailerLineFeed
    /// After the CR of the last, empty line. Next: done.
    case finalLineFeed
    /// After the last LF; final.
    case done
  }

  /// What `next` found.
  enum Event: Sendable {
    case needsMore
    case data(Range<Int>)
    case end
  }

  private var state = State.size
  private var digits = 0
  private var remaining = 0
  private var extensionBytes = 0
  private var trailerBytes = 0
  private var trailers = 0

  /// Reads from the start of `bytes` up to the next piece of data, the end of the body or the end of the bytes.
  mutating func next(
    _ bytes: Span<UInt8>, limits: HTTPLimits
  ) throws(HTTPParseError) -> (consumed: Int, event: Event) {
    var index = 0
    while index < bytes.count {
      if case .data = state {
        let count = min(remaining, bytes.count - index)
        remaining -= count
        if remaining == 0 { state = .dataEnd }
        return (index + count, .data(index..<(index + count)))
      }
      try step(bytes[index], limits)
      index += 1
      if case .done = state { return (index, .end) }
    }
    return (index, .needsMore)
  }

  private mutating func step(_ byte: UInt8, _ limits: HTTPLimits) throws(HTTPParseError) {
    switch state {
    case .size, .sizeDigits:
      if let value = ASCII.hexValue(byte) {
        // Fifteen digits are below 2^60: no overflow, and no client needs more.
        guard digits < 15 else { throw .malformedChunk }
        digits += 1
        remaining = remaining * 16 + Int(value)
        state = .sizeDigits
      } else if case .size = state {
        throw .malformedChunk
      } else if byte == ASCII.semicolon {
        state = .extensions
      } else if byte == ASCII.carriageReturn {
        state = .sizeEnd
      } else {
        throw .malformedChunk
      }
    case .extensions:
      if byte == ASCII.carriageReturn {
        state = .sizeEnd
      } else {
        guard ASCII.isFieldValue(byte) else { throw .malformedChunk }
        extensionBytes += 1
        if extensionBytes > limits.extensionBytes { throw .extensionsTooLong }
      }
    case .sizeEnd:
      guard byte == ASCII.lineFeed else { throw .malformedChunk }
      digits = 0
      state = remaining == 0 ? .trailerStart : .data
    case .dataEnd:
      guard byte == ASCII.carriageReturn else { throw .malformedChunk }
      state = .dataLineFeed
    case .dataLineFeed:
      guard byte == ASCII.lineFeed else { throw .malformedChunk }
      state = .size
    case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed, .finalLineFeed:
      trailerBytes += 1
      if trailerBytes > limits.trailerBytes { throw .trailersTooLong }
      try stepTrailer(byte, limits)
    case .data, .done: break
    }
  }

  private mutating func stepTrailer(_ byte: UInt8, _ limits: HTTPLimits) throws(HTTPParseError) {
    switch state {
    case .trailerStart:
      if byte == ASCII.carriageReturn {
        state = .finalLineFeed
      } else {
        guard ASCII.isToken(byte) else { throw ASCII.isBlank(byte) ? .foldedField : .malformedFieldName }
        trailers += 1
        if trailers > limits.fields { throw .tooManyFields }
        state = .trailerName
      }
    case .trailerName:
      if byte == ASCII.colon {
        state = .trailerValue
      } else if !ASCII.isToken(byte) {
        throw .malformedFieldName
      }
    case .trailerValue:
      if byte == ASCII.carriageReturn {
        state = .trailerLineFeed
      } else if !ASCII.isFieldValue(byte) {
        throw byte == ASCII.lineFeed ? .bareLineEnd : .malformedFieldValue
      }
    case .trailerLineFeed:
      guard byte == ASCII.lineFeed else { throw .bareLineEnd }
      state = .trailerStart
    default:
      guard byte == ASCII.lineFeed else { throw .bareLineEnd }
      state = .done
    }
  }
}
