import JSONWire
import Proofs
import Service

/// Follows a proof through its phases: measures them and reports where it is.
struct ProvingProgress: ~Copyable {
  private let context: JobContext
  private let durations: MetricFamily<Histogram>
  private let label: String
  private var current: (phase: ProvingPhase, began: Int64)?

  init(_ context: JobContext, durations: MetricFamily<Histogram>, label: String) {
    self.context = context
    self.durations = durations
    self.label = label
  }

  /// A phase begins, and the one before has ended.
  mutating func begin(_ phase: ProvingPhase) {
    end()
    current = (phase, MonotonicClock.nowNanoseconds())
    let phases = ProvingPhase.allCases
    var writer = JSONWriter(capacity: 64)
    writer.object { writer in
      writer.field("phase", phase.rawValue)
      writer.field("step", (phases.firstIndex(of: phase) ?? 0) + 1)
      writer.field("steps", phases.count)
    }
    context.report(progress: writer.bytes)
  }

  /// The phase under way has ended.
  mutating func end() {
    guard let (phase, began) = current else { return }
    durations[label, phase.rawValue].observe(MonotonicClock.elapsed(since: began))
    current = nil
  }
}
