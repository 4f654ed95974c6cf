import Glibc
import Service

/// What earlier lives of a run have collected, and what they have not.
struct EarlierResults {
  /// Jobs that are in and have no result yet.
  private(set) var open: [AcceptedJob] = []
  private(set) var succeeded = 0
  private(set) var others = 0
  /// How long the file of results is up to its last whole line.
  private(set) var length: Int64 = 0

  /// Nothing was collected.
  init() {}

  /// Reads the file of results, which may end within a line, and the first bytes of the journal of ids.
  ///
  /// - Throws: when one cannot be read, or holds what was not written by a backfill.
  init(results: String, journal: String, journalBytes: Int64) throws(FileBytes.Failure) {
    var collected = LineSet()
    if access(results, F_OK) == 0 {
      try Self.lines(of: results, upTo: .max) { line in
        guard let result = ResultLine.read(line.text ?? []) else { return false }
        collected.insert(result.line)
        if result.isSuccess { succeeded += 1 } else { others += 1 }
        length = line.end
        return true
      }
    }
    try Self.lines(of: journal, upTo: journalBytes) { line in
      let words = String(decoding: line.text ?? [], as: UTF8.self).split(separator: " ")
      guard words.count == 2, let number = Int(words[0]), number > 0 else { return false }
      if !collected.contains(number) { open.append(AcceptedJob(line: number, id: String(words[1]))) }
      return true
    }
  }

  /// Hands each whole line of the first `limit` bytes to `body`, until it says that one is not as it should be.
  private static func lines(
    of path: String, upTo limit: Int64, _ body: (InputLine) -> Bool
  ) throws(FileBytes.Failure) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.failure(errno) }
    defer { close(descriptor) }
    var reader = LineReader(limit: .max)
    var left = limit
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while left > 0 {
      let count = read(descriptor, &chunk, Int(min(left, Int64(chunk.count))))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileBytes.failure(errno) }
      if count == 0 { break }
      left -= Int64(count)
      reader.feed(Array(chunk[..<count]))
      while let line = reader.next() {
        guard body(line) else { throw FileBytes.failure(EILSEQ) }
      }
    }
  }
}
