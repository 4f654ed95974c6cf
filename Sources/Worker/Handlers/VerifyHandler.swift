import JSONWire
import Proofs
import Service

/// `proof.verify {circuit | verification_key, proof, public_signals}`: `{valid, reason?}`.
struct VerifyHandler: JobHandler {
  let keys: KeyRoom
  let metrics: ProofMetrics

  func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
    let request = try VerifyRequest(job)
    try context.checkStop()
    let verifier = try verifier(request.key)
    var rejection: Rejection?
    do {
      try verifier.verify(request.proof, publicSignals: request.publicSignals)
    } catch {
      rejection = error
    }
    metrics.verified.increment()
    var writer = JSONWriter(capacity: 64)
    writer.object { writer in
      writer.field("valid", rejection == nil)
      if let rejection { writer.field("reason", rejection.code) }
    }
    return writer.bytes
  }

  private func verifier(_ key: VerifyRequest.Key) throws(JobFailure) -> Verifier {
    switch key {
    case .given(let key): return Verifier(key)
    case .circuit(let name):
      guard CircuitLibrary.named(name) != nil else {
        throw .permanent(
          code: "unknown_circuit",
          "no circuit of this name; known are " + CircuitLibrary.all.map(\.name).joined(separator: ", "))
      }
      do {
        return try keys.checkingKey(name).verifier
      } catch {
        throw .retryable(code: error.code, error.description)
      }
    }
  }
}
