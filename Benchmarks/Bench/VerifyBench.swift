import JSONWire
import Proofs

/// Checks a proof from its texts, and many of them one by one and in a batch.
enum VerifyBench {
  static func single(_ arguments: Arguments) throws {
    let seconds = try arguments.seconds("seconds", default: 0.3)
    let files = try ProofFiles(arguments)
    let verifier = Verifier(try files.verifyingKey())
    let checks = try Stopwatch.perCPUSecond(for: seconds) {
      try verifier.verify(files.proof(), publicSignals: files.signals())
      return 1
    }
    Report.write { $0.field("ms", 1e3 / checks) }
  }

  static func batch(_ arguments: Arguments) throws {
    let seconds = try arguments.seconds("seconds", default: 0.3)
    let files = try ProofFiles(arguments)
    let verifier = Verifier(try files.verifyingKey())
    let batch = BatchVerifier(verifier)
    var randomness = SystemRandomNumberGenerator()
    let prover = try Prover(files.provingKey())
    let (witness, signals) = (try files.witness(), try files.signals())
    let claims: [BatchVerifier.Claim] = try (0..<64).map { _ in
      (try prover.prove(witness: witness, randomness: &randomness), signals)
    }
    let batches = try Stopwatch.perCPUSecond(for: seconds) {
      guard batch.rejections(claims, randomness: &randomness).allSatisfy({ $0 == nil }) else {
        throw BenchError("a batch of good proofs was refused")
      }
      return 1
    }
    let singles = try Stopwatch.perCPUSecond(for: seconds) {
      for claim in claims { try verifier.verify(claim.proof, publicSignals: claim.publicSignals) }
      return 1
    }
    Report.write { report in
      report.field("batch_ms", 1e3 / batches)
      report.field("single_ms", 1e3 / singles)
    }
  }
}
