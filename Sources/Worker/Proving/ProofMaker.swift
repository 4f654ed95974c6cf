import Proofs
import Sealing
import Service

/// Makes proofs whose results may be published: proves, writes the result, reads it back, verifies what was read.
struct ProofMaker: Sendable {
  let metrics: ProofMetrics
  let cache: ProofCache
  /// Which slots are idle and lend their processors.
  let load: SlotLoad
  /// What becomes of a proof between prover and result: nothing, but for tests of the check.
  var disturb: @Sendable (Proof) -> Proof = { $0 }

  /// The result of a task, from the cache when the same was proved before.
  ///
  /// - Throws: `stopped`; `self_check_failed`, after which another attempt may help; for good what the witness is at fault for.
  func result(
    of task: ProofTask, with kit: ProvingKit, _ progress: inout ProvingProgress, _ context: JobContext
  ) throws(JobFailure) -> [UInt8] {
    guard task.witness.count > kit.checking.key.publicCount else {
      throw .permanent(.wrongWireCount(expected: kit.prover.key.wireCount, actual: task.witness.count))
    }
    let key = try cacheKey(task, kit.checking)
    if let known = cache[key] {
      metrics.cacheHits.increment()
      return known
    }
    metrics.cacheMisses.increment()
    let proof = try prove(task, kit.prover, &progress, context)
    progress.begin(.verify)
    let publicSignals = Array(task.witness.dropFirst().prefix(kit.checking.key.publicCount))
    let result = ProofResult.render(
      task, keyID: kit.checking.keyID, proof: disturb(proof), publicSignals: publicSignals)
    do {
      try ProofResult.check(result, publicSignals: publicSignals, with: kit.checking)
    } catch {
      // A key does not hold the outputs of its constraints, so what a foreign witness breaks shows only here.
      if task.isForeign, case .rejected(.equationFails) = error { throw .permanent(.unsatisfied(constraint: nil)) }
      throw .retryable(
        code: "self_check_failed", "the proof that was made does not hold (\(error.code)); nothing was published")
    }
    progress.end()
    metrics.generated.increment()
    cache.put(result, for: key)
    return result
  }

  private func prove(
    _ task: ProofTask, _ prover: Prover, _ progress: inout ProvingProgress, _ context: JobContext
  ) throws(JobFailure) -> Proof {
    do {
      return try ProofThreads.shared(load) { sharing throws(ProofsError) in
        var randomness = SystemRandomNumberGenerator()
        return try prover.prove(
          witness: task.witness, randomness: &randomness, sharing: sharing, shouldStop: { context.shouldStop },
          onPhase: { progress.begin($0) })
      }
    } catch {
      throw JobFailure(error)
    }
  }

  private func cacheKey(_ task: ProofTask, _ key: CheckingKey) throws(JobFailure) -> ProofCache.Key {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(task.witness.count * 32)
    for wire in task.witness { bytes += wire.bigEndianBytes }
    do {
      return try cache.key(keyID: key.keyID, form: task.form, witness: bytes)
    } catch {
      throw .retryable(code: "seal_failed", "the cryptographic library failed (\(error.code))")
    }
  }
}

extension JobFailure {
  /// What an error of a proof means for its job: another attempt would end the same way.
  init(_ error: ProofsError) {
    self = error == .stopped ? .stopped : .permanent(code: error.code, error.description)
  }

  /// As above, for one that is known.
  static func permanent(_ error: ProofsError) -> JobFailure { JobFailure(error) }
}
