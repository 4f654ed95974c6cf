import JSONWire

/// Follows one batch until each of its lines has an answer that stays: sent, answered in part, sent again with what is left.
/// Pure.
struct BatchProgress {
  /// Why an answer cannot be one.
  enum Failure: Error, Equatable {
    /// It is not NDJSON, or names a line that was not sent.
    case unreadable
  }

  private enum Answer {
    case accepted(id: String, isReplay: Bool)
    case refused(status: Int, problem: [UInt8])
  }

  let batch: Batch
  private var answers: [Answer?]
  /// The lines that have no answer yet, as indices into the batch.
  private var open: [Int]
  /// Why the last lines that may succeed later were refused; nil when there were none.
  private(set) var lastDelay: String?

  init(_ batch: Batch) {
    self.batch = batch
    answers = Array(repeating: nil, count: batch.lines.count)
    open = Array(batch.lines.indices)
  }

  /// Whether every line has its answer.
  var isDone: Bool { open.isEmpty }

  /// The body of the next call: the lines that have no answer.
  var body: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(open.reduce(0) { $0 + batch.lines[$1].job.count + 1 })
    for index in open {
      bytes += batch.lines[index].job
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// Takes the answer to `body`; one that ends early counts as far as it goes.
  ///
  /// - Returns: whether any line got its answer.
  mutating func take(_ answer: [UInt8]) throws(Failure) -> Bool {
    lastDelay = nil
    var reader = LineReader(limit: .max)
    reader.feed(answer)
    while let text = reader.next()?.text {
      let root: JSONValue
      do throws(JSONError) {
        root = try JSONDocument(text, limits: JSONLimits(bytes: .max)).root
      } catch {
        throw .unreadable
      }
      if let summary = root["summary"] {
        if let stopped = summary["stopped"]?.asString { lastDelay = "the bulk ended early: \(stopped)" }
        continue
      }
      try take(root)
    }
    let left = open.filter { answers[$0] == nil }
    defer { open = left }
    return left.count < open.count
  }

  private mutating func take(_ line: JSONValue) throws(Failure) {
    guard let number = line["line"]?.asInt64.flatMap({ Int(exactly: $0) }), number >= 1, number <= open.count,
      let status = line["status"]?.asInt64.flatMap({ Int(exactly: $0) })
    else { throw .unreadable }
    let index = open[number - 1]
    if (200..<300).contains(status) {
      guard let id = line["id"]?.asString else { throw .unreadable }
      answers[index] = .accepted(id: id, isReplay: line["replayed"]?.asBool == true)
    } else if line["retryable"]?.asBool == true {
      lastDelay = line["error"]?["title"]?.asString ?? "status \(status)"
    } else {
      answers[index] = .refused(status: status, problem: line["error"]?.rawBytes ?? Array("null".utf8))
    }
  }

  /// What became of it; of use when it is done.
  var outcome: BatchOutcome {
    var outcome = BatchOutcome(place: batch.place, rejections: batch.refused)
    outcome.accepted.reserveCapacity(answers.count)
    for (line, answer) in zip(batch.lines, answers) {
      switch answer {
      case .accepted(let id, let isReplay):
        outcome.accepted.append(AcceptedJob(line: line.number, id: id))
        if isReplay { outcome.replayed += 1 }
      case .refused(let status, let problem):
        outcome.rejections.append(Rejection(line: line.number, text: line.text, status: status, problem: problem))
      case nil: break
      }
    }
    outcome.rejections.sort { $0.line < $1.line }
    return outcome
  }
}
