import Proofs
import Service

/// What is counted of proofs, as local events.
struct ProofMetrics: Sendable {
  /// How long each part of a proof took.
  let durations: MetricFamily<Histogram>
  /// Proofs that were asked for and not made, for whatever reason but a stop.
  let errors: Counter
  /// Proofs made and checked here.
  let generated: Counter
  /// Proofs of others that were checked, whatever the verdict.
  let verified: Counter
  let cacheHits: Counter
  let cacheMisses: Counter

  /// What stands for the circuits of keys that operators bring.
  static let foreignCircuit = "circom"

  /// Declares the metrics; all exist as 0 from the start.
  init(on registry: MetricsRegistry, circuits: [String]) {
    durations = registry.histogram(
      "zk_proof_duration_seconds", help: "Parts of making a proof.",
      labels: [
        .closed("circuit", circuits + [Self.foreignCircuit]),
        .closed("phase", ProvingPhase.allCases.map(\.rawValue)),
      ], bounds: HistogramBounds.proof, unprefixed: true)
    errors = registry.counter(
      "zk_proof_errors_total", help: "Proofs that were asked for and could not be made.", unprefixed: true)
    generated = Self.guideCounter(registry, "proofs_generated", "Proofs made and checked by this worker.")
    verified = Self.guideCounter(registry, "proofs_verified", "Proofs of others checked by this worker.")
    let hits = registry.counter("proof_cache_hits_total", help: "Proofs answered from the worker's cache.")
    let misses = registry.counter("proof_cache_misses_total", help: "Proofs that were not in the worker's cache.")
    cacheHits = hits
    cacheMisses = misses
    registry.gauge("proof_cache_hit_rate", help: "Hits among the cache's look-ups since the start, 0 to 1.") {
      let lookups = hits.value + misses.value
      return [MetricSample([], lookups == 0 ? 0 : Double(hits.value) / Double(lookups))]
    }
  }

  /// A counter by a name of the operations guide, which does not end in `_total`.
  private static func guideCounter(_ registry: MetricsRegistry, _ name: String, _ help: String) -> Counter {
    registry.counter(name, help: help, labels: [], kind: .untyped).instrument([])
  }
}
