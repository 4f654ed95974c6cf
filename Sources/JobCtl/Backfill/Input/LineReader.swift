import Glibc

/// One line of the input.
struct InputLine: Equatable {
  /// Its number, from 1.
  let number: Int
  /// Where the byte after its end stands in the input.
  let end: Int64
  /// Its bytes without `\n` and a `\r` before it; nil when it is longer than the limit, and was dropped.
  let text: [UInt8]?
}

/// Cuts a stream of bytes into lines and knows where each ends, so that reading can begin there again. Pure.
struct LineReader {
  private let limit: Int
  private var number: Int
  /// Where the first byte of `buffer` stands in the input.
  private var origin: Int64
  private var buffer: [UInt8] = []
  private var start = 0
  /// Up to here there is no line end.
  private var searched = 0
  private var isDropping = false

  /// - Parameters:
  ///   - limit: the longest line in bytes; little more than this and a chunk is ever held.
  ///   - offset: where the first byte that is fed stands in the input.
  ///   - line: how many lines end before it.
  init(limit: Int, offset: Int64 = 0, line: Int = 0) {
    self.limit = limit
    number = line
    origin = offset
  }

  /// Passes over bytes of the input that are not fed.
  mutating func skip(_ count: Int) { origin += Int64(count) }

  /// Takes the next bytes.
  mutating func feed(_ chunk: [UInt8]) {
    origin += Int64(start)
    if start == buffer.count {
      buffer = chunk
      searched = 0
    } else {
      buffer.removeFirst(start)
      searched -= start
      buffer += chunk
    }
    start = 0
  }

  /// The next whole line; nil when more bytes are needed.
  mutating func next() -> InputLine? {
    if let end = lineEnd() {
      defer {
        start = end + 1
        searched = start
      }
      return take(start..<end, next: end + 1)
    }
    searched = buffer.count
    if buffer.count - start > limit {
      isDropping = true
      start = buffer.count
    }
    return nil
  }

  /// The next line, the last one also without an end; nil when there is none.
  mutating func finish() -> InputLine? {
    if let line = next() { return line }
    guard isDropping || start < buffer.count else { return nil }
    let rest = start..<buffer.count
    start = buffer.count
    return take(rest, next: rest.upperBound)
  }

  private mutating func take(_ line: Range<Int>, next: Int) -> InputLine {
    number += 1
    let wasDropping = isDropping
    isDropping = false
    var line = line
    if let last = line.last, buffer[last] == UInt8(ascii: "\r") { line = line.lowerBound..<last }
    let isTooLong = wasDropping || line.count > limit
    return InputLine(number: number, end: origin + Int64(next), text: isTooLong ? nil : Array(buffer[line]))
  }

  private func lineEnd() -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, searched < bytes.count,
        let found = memchr(base + searched, 10, bytes.count - searched)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
