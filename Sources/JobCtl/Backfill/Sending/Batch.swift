import HTTPWire
import JSONWire

/// A part of the input that goes to the API in one call.
struct Batch: Sendable {
  /// A job that is sent.
  struct Line: Sendable {
    /// Its line in the input, from 1.
    let number: Int
    /// Its bytes in the input.
    let text: [UInt8]
    /// The job as it is sent, with its idempotency key.
    let job: [UInt8]
  }

  /// Its number, from 0.
  let number: Int
  /// The jobs that are sent.
  let lines: [Line]
  /// What was refused before anything was sent.
  let refused: [Rejection]
  /// How far the input is read after it.
  let place: InputPlace
}

/// A line that makes no job, and why.
struct Rejection: Sendable, Equatable {
  /// Its line in the input, from 1.
  let line: Int
  /// Its bytes in the input.
  let text: [UInt8]
  /// The status that the API gave it, or would.
  let status: Int
  /// The problem, as JSON.
  let problem: [UInt8]

  /// What is known to be wrong without asking the API.
  init(_ record: InputRecord, _ problem: Problem) {
    self.init(line: record.line, text: record.text, status: Int(problem.status.code), problem: problem.json())
  }

  init(line: Int, text: [UInt8], status: Int, problem: [UInt8]) {
    self.line = line
    self.text = text
    self.status = status
    self.problem = problem
  }

  /// The line of a file of rejections.
  var json: [UInt8] {
    var writer = JSONWriter(capacity: text.count + problem.count + 64)
    writer.object { writer in
      writer.field("line", line)
      writer.field("status", status)
      writer.field("error", raw: problem)
      writer.key("input")
      writer.string(utf8: text)
    }
    writer.newline()
    return writer.bytes
  }
}

/// A job that is in.
struct AcceptedJob: Sendable, Equatable {
  /// Its line in the input, from 1.
  let line: Int
  let id: String
}

/// What became of a whole batch.
struct BatchOutcome: Sendable, Equatable {
  let place: InputPlace
  var accepted: [AcceptedJob] = []
  /// How many of those were in before: sent again after an answer was lost.
  var replayed = 0
  var rejections: [Rejection] = []
}
