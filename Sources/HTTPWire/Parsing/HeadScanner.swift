internal import Glibc

/// Cuts a head into lines as bytes arrive and reads each field line once.
///
/// The bytes of the head stay with the caller until the whole head is there; the scanner keeps how far it has come, so
/// that a head in n pieces costs O(its length), not O(n times its length).
struct HeadScanner: Sendable {
  /// Where the next line begins, from the start of the caller's bytes.
  private(set) var lineStart = 0
  /// Up to where there is no line feed.
  private var scanned = 0
  /// The fields read so far.
  private(set) var fields: [HTTPHeaders.Field] = []

  /// The next complete line without its CRLF, or nil when its end has not arrived.
  mutating func nextLine(
    _ bytes: Span<UInt8>, lineLimit: Int, onLongLine: HTTPParseError, limits: HTTPLimits
  ) throws(HTTPParseError) -> Range<Int>? {
    guard let end = findLineFeed(bytes) else {
      scanned = bytes.count
      if bytes.count - lineStart > lineLimit { throw onLongLine }
      if bytes.count > limits.headBytes { throw .headTooLarge }
      return nil
    }
    if end - lineStart > lineLimit { throw onLongLine }
    if end + 1 > limits.headBytes { throw .headTooLarge }
    guard end > lineStart, bytes[end - 1] == ASCII.carriageReturn else { throw .bareLineEnd }
    let line = lineStart..<(end - 1)
    lineStart = end + 1
    scanned = end + 1
    return line
  }

  private func findLineFeed(_ bytes: Span<UInt8>) -> Int? {
    let from = scanned
    guard from < bytes.count else { return nil }
    return bytes.extracting(from..<bytes.count).withUnsafeBufferPointer { buffer -> Int? in
      guard let start = buffer.baseAddress, let found = memchr(start, Int32(ASCII.lineFeed), buffer.count) else {
        return nil
      }
      return from + (UnsafeRawPointer(found) - UnsafeRawPointer(start))
    }
  }

  /// Reads `line` as a field and keeps it (RFC 9112 section 5).
  mutating func readField(
    _ bytes: Span<UInt8>, line: Range<Int>, limits: HTTPLimits
  ) throws(HTTPParseError) -> (name: Range<Int>, value: Range<Int>) {
    if ASCII.isBlank(bytes[line.lowerBound]) { throw .foldedField }
    var index = line.lowerBound
    while index < line.upperBound, bytes[index] != ASCII.colon {
      if !ASCII.isToken(bytes[index]) {
        throw bytes[index] == ASCII.carriageReturn ? .bareLineEnd : .malformedFieldName
      }
      index += 1
    }
    if index == line.upperBound || index == line.lowerBound { throw .malformedFieldName }
    let name = line.lowerBound..<index
    index += 1
    for position in index..<line.upperBound where !ASCII.isFieldValue(bytes[position]) {
      throw bytes[position] == ASCII.carriageReturn ? .bareLineEnd : .malformedFieldValue
    }
    let value = ASCII.trimmed(bytes, index..<line.upperBound)
    if fields.count >= limits.fields { throw .tooManyFields }
    if fields.isEmpty { fields.reserveCapacity(12) }
    fields.append(
      HTTPHeaders.Field(
        name: Int32(truncatingIfNeeded: name.lowerBound)..<Int32(truncatingIfNeeded: name.upperBound),
        value: Int32(truncatingIfNeeded: value.lowerBound)..<Int32(truncatingIfNeeded: value.upperBound)))
    return (name, value)
  }

  /// Skips an empty line that some clients send after a body (RFC 9112 section 2.2).
  mutating func skipEmptyLine() {
    lineStart += 2
    scanned = max(scanned, lineStart)
  }

  /// Hands out the fields and starts anew.
  mutating func finish() -> [HTTPHeaders.Field] {
    lineStart = 0
    scanned = 0
    let result = fields
    fields = []
    return result
  }
}
