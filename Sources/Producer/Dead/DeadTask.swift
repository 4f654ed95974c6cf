import JSONWire
import Jobs

/// An operation on all dead letters of a filter, as the payload of its job.
struct DeadTask: Sendable, Equatable {
  /// What is done.
  var operation: DeadOperation
  /// To which letters. Its `until` is set, so that what dies meanwhile, perhaps for the second time, is left.
  var filter: DeadFilter

  init(operation: DeadOperation, filter: DeadFilter) {
    self.operation = operation
    self.filter = filter
  }

  /// Reads a claimed job; nil when it is no such operation.
  init?(_ record: JobRecord) {
    guard let operation = record.kind.flatMap({ DeadOperation(kind: $0) }), let payload = record.payload else {
      return nil
    }
    do {
      var fields = JSONFieldReader(try JSONDocument(payload).root)
      let filter = fields.object("filter") { DeadFilter(&$0) }
      try fields.finish()
      guard let filter else { return nil }
      self.init(operation: operation, filter: filter)
    } catch {
      return nil
    }
  }

  /// The payload.
  var payload: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.object("filter") { filter.writeFields(to: &$0) }
    }
    return writer.bytes
  }
}

/// How far an operation on dead letters is: its progress, and in the end its result.
struct DeadTally: Sendable, Equatable {
  /// Letters that fit, of those that were looked at.
  var matched = 0
  /// Letters to which it was done.
  var done = 0
  /// Why it was not done to others, and to how many.
  var skipped: [String: Int] = [:]

  /// Counts the answers of a batch.
  mutating func add(_ refusals: [String?]) {
    for refusal in refusals {
      if let refusal { skipped[refusal, default: 0] += 1 } else { done += 1 }
    }
  }

  /// Goes on from what a delivery before has done, by its progress; what cannot be read counts for nothing.
  init(after progress: [UInt8]?, of operation: DeadOperation) {
    guard let progress else { return }
    do throws(JSONError) {
      let root = try JSONDocument(progress).root
      done = root[operation.done]?.asInt64.flatMap { Int(exactly: $0) }.map { max(0, min($0, 1 << 53)) } ?? 0
      matched = done
    } catch {}
  }

  /// The JSON text.
  func bytes(_ operation: DeadOperation) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("matched", matched)
      writer.field(operation.done, done)
      writer.object("skipped") { writer in
        for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) { writer.field(reason, count) }
      }
    }
    return writer.bytes
  }
}
