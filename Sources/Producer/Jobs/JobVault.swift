import HTTPWire
import Jobs

/// What lies sealed in Redis, for the caller: payloads go in sealed, results come out opened.
struct JobVault: Sendable {
  let kinds: Kinds
  /// Nil without a key; then sealed kinds are refused.
  let seal: PayloadSeal?

  /// The payload in the form in which it lies in Redis.
  ///
  /// - Throws: a `Problem` without a key, a `JobError` when sealing fails.
  func payload(_ request: JobRequest, id: JobID) throws -> (bytes: [UInt8], isSealed: Bool) {
    guard kinds[request.kind]?.isSealed == true else { return (request.payload, false) }
    guard let seal else { throw Problem.sealingUnavailable(request.kind.text) }
    return (try seal.seal(request.payload, .payload, id: id, kind: request.kind), true)
  }

  /// The result of a succeeded job as one JSON text; nil when there is none.
  ///
  /// - Throws: a `Problem` without a key, a `JobError` when opening fails.
  func result(_ record: JobRecord) throws -> [UInt8]? {
    guard record.state == .succeeded, let result = record.result else { return nil }
    guard PayloadSeal.isSealed(result) else { return result }
    let kind = record.kind.flatMap { KindName($0) }
    guard let seal, let kind else { throw Problem.sealingUnavailable(record.kind ?? "unknown") }
    return try seal.open(result, .result, id: record.id, kind: kind)
  }
}
