import HTTPWire
import JSONWire
import Jobs

/// The answers of a bulk in the order of its lines, however the calls of Redis come back. Pure.
struct BulkLedger {
  /// What became of a line.
  enum Answer {
    /// Redis has yet to say.
    case pending
    /// It is in.
    case accepted(JobID)
    /// Its idempotency key was in before with the same body.
    case replayed(JobID)
    /// It is not in.
    case refused(Problem, isRetryable: Bool)
  }

  /// How it went, for the last line.
  struct Summary: Equatable {
    var total = 0
    var accepted = 0
    var replayed = 0
    var failed = 0
  }

  private struct Entry {
    var line: Int
    /// The caller's name of the line as JSON; empty for none.
    var ref: [UInt8]
    var answer: Answer
    /// What the entry holds beyond itself: its job while it is pending, then its answer.
    var bytes: Int
  }

  /// How the answered lines went.
  private(set) var summary = Summary()
  private var entries: [Entry] = []
  /// The first entry that is not written; those before it are dropped now and then.
  private var head = 0
  /// The number of `entries[0]`.
  private var base = 0

  /// Lines that are read and not written.
  var open: Int { entries.count - head }
  /// About how many bytes those lines hold: their jobs until they are settled, then their answers.
  private(set) var bytes = 0

  /// Notes a line, whose job holds some bytes until it is settled; answers its number for `settle`.
  mutating func add(line: Int, ref: [UInt8], bytes: Int = 0, _ answer: Answer = .pending) -> Int {
    let held = ref.count + (answer.bytes ?? bytes)
    self.bytes += held
    entries.append(Entry(line: line, ref: ref, answer: answer, bytes: held))
    return base + entries.count - 1
  }

  /// Notes what became of a line.
  mutating func settle(_ number: Int, _ answer: Answer) {
    let index = number - base
    guard entries.indices.contains(index), index >= head else { return }
    let held = entries[index].ref.count + (answer.bytes ?? 0)
    bytes += held - entries[index].bytes
    entries[index].bytes = held
    entries[index].answer = answer
  }

  /// Writes the lines that can be written: all up to the first that is pending, at most `limit`.
  mutating func write(to writer: inout JSONWriter, limit: Int = .max) {
    var left = limit
    while head < entries.count, left > 0 {
      if case .pending = entries[head].answer { break }
      write(entries[head], to: &writer)
      bytes -= entries[head].bytes
      head += 1
      left -= 1
    }
    if head > 1024, head * 2 > entries.count {
      entries.removeFirst(head)
      base += head
      head = 0
    }
  }

  /// Writes the last line.
  ///
  /// - Parameter stopped: why not all lines were read, nil when they were.
  func writeSummary(to writer: inout JSONWriter, stopped: String?) {
    writer.object { writer in
      writer.object("summary") { writer in
        writer.field("total", summary.total)
        writer.field("accepted", summary.accepted)
        writer.field("replayed", summary.replayed)
        writer.field("failed", summary.failed)
        writer.field("errors", summary.failed > 0)
        writer.field("complete", stopped == nil)
        if let stopped { writer.field("stopped", stopped) }
      }
    }
    writer.newline()
  }

  private mutating func write(_ entry: Entry, to writer: inout JSONWriter) {
    summary.total += 1
    writer.beginObject()
    writer.field("line", entry.line)
    if !entry.ref.isEmpty { writer.field("ref", raw: entry.ref) }
    switch entry.answer {
    case .pending: break
    case .accepted(let id):
      summary.accepted += 1
      writer.field("status", 202)
      writer.field("id", id.text)
    case .replayed(let id):
      summary.replayed += 1
      writer.field("status", 202)
      writer.field("id", id.text)
      writer.field("replayed", true)
    case .refused(let problem, let isRetryable):
      summary.failed += 1
      writer.field("status", problem.status.code)
      if isRetryable { writer.field("retryable", true) }
      writer.object("error") { writer in problem.write(to: &writer) }
    }
    writer.endObject()
    writer.newline()
  }
}

extension BulkLedger.Answer {
  /// About how many bytes it holds; nil while it is pending.
  fileprivate var bytes: Int? {
    switch self {
    case .pending: nil
    case .accepted, .replayed: 64
    case .refused(let problem, _):
      problem.errors.reduce(512) { $0 + 64 + $1.pointer.utf8.count + $1.detail.utf8.count }
    }
  }
}
