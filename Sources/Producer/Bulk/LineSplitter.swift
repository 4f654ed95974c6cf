import Glibc

/// Cuts a stream of bytes into lines; `\n` ends a line, a `\r` before it does not belong to it.
struct LineSplitter {
  /// One line.
  enum Line: Equatable {
    /// Its bytes, without the end.
    case text([UInt8])
    /// It is longer than the limit, and was dropped.
    case tooLong
  }

  private let limit: Int
  private var buffer: [UInt8] = []
  private var start = 0
  /// Up to here there is no line end.
  private var searched = 0
  private var isDropping = false

  /// - Parameter limit: the longest line, in bytes; no more than this and a chunk is ever held.
  init(limit: Int) { self.limit = limit }

  /// Takes the next bytes.
  mutating func feed(_ chunk: [UInt8]) {
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
  mutating func next() -> Line? {
    while let end = lineEnd() {
      let wasDropping = isDropping
      isDropping = false
      let line = start..<end
      start = end + 1
      searched = start
      if wasDropping { continue }
      return take(line)
    }
    searched = buffer.count
    guard buffer.count - start > limit else { return nil }
    let wasDropping = isDropping
    isDropping = true
    start = buffer.count
    return wasDropping ? nil : .tooLong
  }

  /// The last line, which has no end; nil when there is none.
  mutating func finish() -> Line? {
    let line = start..<buffer.count
    start = buffer.count
    return isDropping || line.isEmpty ? nil : take(line)
  }

  private func take(_ line: Range<Int>) -> Line {
    var line = line
    if let last = line.last, buffer[last] == UInt8(ascii: "\r") { line = line.lowerBound..<last }
    return line.count > limit ? .tooLong : .text(Array(buffer[line]))
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
