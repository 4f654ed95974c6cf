import JSONWire
import Proofs

/// Makes proofs with a key and a witness from files, as groth16py does.
enum ProveBench {
  static func single(_ arguments: Arguments) throws {
    let seconds = try arguments.seconds("seconds", default: 0.3)
    let files = try ProofFiles(arguments)
    let prover = try Prover(files.provingKey())
    var randomness = SystemRandomNumberGenerator()
    _ = try prover.prove(witness: files.witness(), randomness: &randomness)
    let proofs = try Stopwatch.perCPUSecond(for: seconds) {
      // groth16py reads the witness for each proof, so this does too.
      _ = try prover.prove(witness: files.witness(), randomness: &randomness)
      return 1
    }
    Report.write { $0.field("ms", 1e3 / proofs) }
  }

  /// How much more two threads do than one: with proofs, and with work that shares nothing but the processors.
  static func twoThreads(_ arguments: Arguments) throws {
    let seconds = try arguments.seconds("seconds", default: 0.3)
    let files = try ProofFiles(arguments)
    let prover = try Prover(files.provingKey())
    let witness = try files.witness()
    let failed = FirstFailure()
    let prove: @Sendable () -> Void = {
      var randomness = SystemRandomNumberGenerator()
      do {
        _ = try prover.prove(witness: witness, randomness: &randomness)
      } catch {
        failed.record(error)
      }
    }
    // One after the other in turns, so that whatever else the machine does meets all four.
    var rates = (proofs: (one: 0.0, two: 0.0), spins: (one: 0.0, two: 0.0))
    for _ in 0..<3 {
      rates.spins.one += try Threads.rate(1, for: seconds / 3, spin)
      rates.proofs.one += try Threads.rate(1, for: seconds / 3, prove)
      rates.proofs.two += try Threads.rate(2, for: seconds / 3, prove)
      rates.spins.two += try Threads.rate(2, for: seconds / 3, spin)
    }
    try failed.rethrow()
    Report.write { report in
      report.field("proofs", rates.proofs.two / rates.proofs.one)
      report.field("spins", rates.spins.two / rates.spins.one)
    }
  }

  /// Some milliseconds of arithmetic in registers.
  @Sendable private static func spin() {
    var state: UInt64 = 88_172_645_463_325_252
    for _ in 0..<2_000_000 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
    }
    precondition(state != 0, "xorshift never reaches 0")
  }
}
