import TestSupport

@testable import Proofs

/// Random numbers of a field, the same for a seed everywhere.
struct FieldSampler<P: PrimeParameters>: CustomStringConvertible {
  var generator: SeededGenerator

  /// Seeded by WC_SEED, or anew.
  init() { generator = SeededGenerator() }

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// The setting that repeats the run.
  var description: String { "\(generator)" }

  mutating func next() -> Mont<P> {
    Mont(generator.next()) * Mont(generator.next()) * Mont(generator.next()) + Mont(generator.next())
  }
}
