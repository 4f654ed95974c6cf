private import Synchronization

/// Instruments of one name that differ in their labels.
///
/// Keep the instrument where it is used often; finding it takes a lock and a hash of the label values.
public final class MetricFamily<Instrument: Sendable>: Sendable {
  /// How many combinations of open label values a family takes.
  public static var mostOpenCombinations: Int { 100 }
  /// What stands for a value outside a closed list or beyond the limit.
  public static var other: String { "other" }

  let labels: [MetricLabel]
  private let make: @Sendable () -> Instrument

  private struct State {
    var instruments: [[String]: Instrument] = [:]
    var openCombinations: Set<[String]> = []
  }
  private let state = Mutex(State())

  init(labels: [MetricLabel], make: @escaping @Sendable () -> Instrument) {
    self.labels = labels
    self.make = make
    if labels.allSatisfy({ $0.values != nil }) {
      var combinations: [[String]] = [[]]
      for label in labels {
        combinations = combinations.flatMap { start in (label.values ?? []).map { start + [$0] } }
      }
      for combination in combinations { _ = instrument(combination) }
    }
  }

  /// The instrument of these label values, in the order of declaration; made when it is first asked for.
  ///
  /// As many values as the family has labels.
  public subscript(values: String...) -> Instrument { instrument(values) }

  /// As the subscript, for values in an array.
  public func instrument(_ values: [String]) -> Instrument {
    precondition(values.count == labels.count, "the metric has the labels \(labels.map(\.name)), not \(values.count)")
    return state.withLock { state in
      if let known = state.instruments[values] { return known }
      let counted = admit(values, &state)
      if let known = state.instruments[counted] { return known }
      let instrument = make()
      state.instruments[counted] = instrument
      return instrument
    }
  }

  /// The values under which `values` are counted.
  private func admit(_ values: [String], _ state: inout State) -> [String] {
    let open = zip(labels, values).filter { $0.0.values == nil }.map(\.1)
    var isAdmitted = state.openCombinations.contains(open)
    if !isAdmitted, state.openCombinations.count < MetricFamily.mostOpenCombinations {
      state.openCombinations.insert(open)
      isAdmitted = true
    }
    return zip(labels, values).map { label, value in
      guard let closed = label.values else { return isAdmitted ? value : MetricFamily.other }
      return closed.contains(value) ? value : MetricFamily.other
    }
  }

  /// All instruments, ordered by their label values.
  public var all: [(labels: [String], instrument: Instrument)] {
    state.withLock { state in state.instruments.map { (labels: $0.key, instrument: $0.value) } }
      .sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
  }
}
