import HTTPWire
import Jobs
import Sealing
import Service
import Transport

/// Turns what callers ask for into jobs that can be stored: mints ids, seals, replaces keys by fingerprints.
@EventLoop
final class JobMaker {
  private let vault: JobVault
  private let fingerprints: FingerprintSource
  private var minter = JobIDMinter()
  private var random = RandomReserve()

  init(vault: JobVault, fingerprints: FingerprintSource) {
    self.vault = vault
    self.fingerprints = fingerprints
  }

  /// Makes a job.
  ///
  /// - Parameters:
  ///   - key: the idempotency key, if any.
  ///   - body: what was sent, of which a repetition has to be a copy.
  ///   - owner: who submits it, if callers have names; keys of different owners are different keys.
  ///   - trace: the caller's place in a trace; the job gets a span of its own under it.
  /// - Throws: a `Problem` when a sealed kind cannot be sealed, a `JobError` when Redis or the library fails.
  func make(
    _ request: JobRequest, key: String? = nil, body: [UInt8] = [], owner: String?, trace: TraceContext?
  ) async throws -> NewJob {
    let fingerprint = key != nil || request.unique != nil ? try await fingerprints.get() : nil
    return try make(request, fingerprint: fingerprint, key: key, body: body, owner: owner, trace: trace)
  }

  /// As above, where the fingerprints are at hand already.
  ///
  /// - Parameter id: the job's id; nil mints one.
  func make(
    _ request: JobRequest, id: JobID? = nil, fingerprint: Fingerprint?, key: String?, body: [UInt8], owner: String?,
    trace: TraceContext?
  ) throws -> NewJob {
    let id = id ?? minter.mint(request.queue, nowMs: WallClock.nowMs(), using: &random)
    let payload = try vault.payload(request, id: id)
    var options = request.options
    if let owner, Viewer.isOwned(request.kind.text) { options.owner = owner }
    if let trace { options.traceparent = trace.child(random: Array(random.bytes(8))).traceparent }
    var job = NewJob(
      id: id, kind: request.kind, payload: payload.bytes, isSealed: payload.isSealed, priority: request.priority,
      start: request.start, options: options)
    if let key { job.idempotency = try fingerprint?.idempotency(key: key, client: owner ?? "", body: body) }
    if let unique = request.unique { job.unique = try fingerprint?.unique(unique) }
    return job
  }
}
