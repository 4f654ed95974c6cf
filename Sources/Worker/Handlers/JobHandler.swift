import Jobs
import JSONWire

/// What runs the jobs of one kind.
///
/// `run` is called on a slot's thread, never on the event loop, and stays there across its awaits. A pure computation
/// may keep the thread for minutes; it asks `context.checkStop()` now and then.
protocol JobHandler: Sendable {
  /// Does the work and returns the result, a JSON text.
  func run(_ job: Job, _ context: JobContext) async throws(JobFailure) -> [UInt8]
}

/// A job as its handler sees it: decoded, and opened when it was sealed.
struct Job: Sendable {
  let id: JobID
  let kind: KindName
  /// The payload, a JSON text of the kind's own shape.
  let payload: [UInt8]
  /// Which attempt this is, from 1.
  let attempt: Int
  /// Whether the payload is private, so that no message may repeat anything from it, field names included.
  let isSealed: Bool

  /// The payload as a document; a payload that is no JSON is a permanent failure.
  func document() throws(JobFailure) -> JSONDocument {
    // Whoever accepted the payload has bounded its length, by MAX_PAYLOAD_BYTES.
    let standard = JSONLimits.default
    let limits = JSONLimits(
      bytes: max(standard.bytes, payload.count), values: max(standard.values, payload.count / 8))
    do { return try JSONDocument(payload, limits: limits) } catch {
      throw .permanent(code: error.code.rawValue, "the payload is not valid JSON")
    }
  }

  /// Reads the payload's fields strictly: what `read` leaves unread or finds wrong is a permanent failure that names it.
  func fields<R>(_ read: (inout JSONFieldReader) -> R) throws(JobFailure) -> R {
    var reader = JSONFieldReader(try document().root, namesUnknown: !isSealed)
    let result = read(&reader)
    do { try reader.finish() } catch { throw .permanent(code: "invalid_payload", error.description) }
    return result
  }
}

/// Why a handler has no result.
enum JobFailure: Error, Sendable, Equatable {
  /// Another attempt may help, after `afterMs` when the handler knows better than the backoff.
  case retryable(code: String, String, afterMs: Int64? = nil)
  /// No attempt can help: the payload is wrong, or what it names does not exist.
  case permanent(code: String, String)
  /// The handler noticed that it must stop; `JobContext.stopReason` knows why.
  case stopped
}
