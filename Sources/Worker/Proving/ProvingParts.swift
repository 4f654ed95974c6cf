import Proofs
import Sealing
import Service

/// What a worker proves with: one of each for all of its jobs.
struct ProvingParts: Sendable {
  let keys: KeyRoom
  let foreignKeys: ForeignKeys
  let maker: ProofMaker

  /// - Throws: when the cryptographic library fails.
  init(keys: KeyRoom, load: SlotLoad, metrics: MetricsRegistry) throws(SealingError) {
    self.keys = keys
    foreignKeys = ForeignKeys(keys)
    maker = ProofMaker(
      metrics: ProofMetrics(on: metrics, circuits: CircuitLibrary.all.map(\.name)), cache: try ProofCache(), load: load)
  }
}
