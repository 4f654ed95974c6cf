private import Synchronization

/// All metrics of a process, and their text for a scrape.
///
/// Names get the registry's prefix unless they are declared `unprefixed`. Declaring a name twice, or a name that Prometheus
/// does not allow, is an error of the programmer and traps.
public final class MetricsRegistry: Sendable {
  /// Writes a family, or a group of them that is read together.
  typealias Collector = @Sendable (inout MetricsWriter) -> Void

  /// What stands before the names.
  public let prefix: String

  private let collectors = Mutex<[(name: String, collect: Collector)]>([])

  /// Creates an empty registry.
  public init(prefix: String = "whispercache_") { self.prefix = prefix }

  /// The content type of `exposition()`.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// All metrics in Prometheus' text format 0.0.4, ordered by name and label values.
  ///
  /// Callbacks run now and must not block; nothing here waits for the network.
  public func exposition() -> [UInt8] {
    let collectors = collectors.withLock { $0 }.sorted { $0.name < $1.name }
    var writer = MetricsWriter()
    for (_, collect) in collectors { collect(&writer) }
    return writer.bytes
  }

  /// Declares a counter without labels; its name ends in `_total`.
  public func counter(_ name: String, help: String, unprefixed: Bool = false) -> Counter {
    counter(name, help: help, labels: [], unprefixed: unprefixed).instrument([])
  }

  /// Declares counters with labels.
  ///
  /// - Parameter kind: `.untyped` for a name that does not end in `_total`.
  public func counter(
    _ name: String, help: String, labels: [MetricLabel], unprefixed: Bool = false, kind: MetricKind = .counter
  ) -> MetricFamily<Counter> {
    let family = MetricFamily(labels: labels) { Counter() }
    declare(name, kind, help, labels.map(\.name), unprefixed) { writer, name, names in
      for (values, counter) in family.all {
        writer.sample(name, labels: names, values, Double(counter.value))
      }
    }
    return family
  }

  /// Declares a gauge without labels.
  public func gauge(_ name: String, help: String, unprefixed: Bool = false) -> Gauge {
    gauge(name, help: help, labels: [], unprefixed: unprefixed).instrument([])
  }

  /// Declares gauges with labels.
  public func gauge(
    _ name: String, help: String, labels: [MetricLabel], unprefixed: Bool = false
  ) -> MetricFamily<Gauge> {
    let family = MetricFamily(labels: labels) { Gauge() }
    declare(name, .gauge, help, labels.map(\.name), unprefixed) { writer, name, names in
      for (values, gauge) in family.all { writer.sample(name, labels: names, values, gauge.value) }
    }
    return family
  }

  /// Declares a histogram without labels.
  public func histogram(_ name: String, help: String, bounds: [Double], unprefixed: Bool = false) -> Histogram {
    histogram(name, help: help, labels: [], bounds: bounds, unprefixed: unprefixed).instrument([])
  }

  /// Declares histograms with labels.
  public func histogram(
    _ name: String, help: String, labels: [MetricLabel], bounds: [Double], unprefixed: Bool = false
  ) -> MetricFamily<Histogram> {
    let family = MetricFamily(labels: labels) { Histogram(bounds: bounds) }
    declare(name, .histogram, help, labels.map(\.name), unprefixed) { writer, name, names in
      for (values, histogram) in family.all {
        writer.histogram(name, labels: names, values, histogram.snapshot)
      }
    }
    return family
  }

  /// Declares a metric whose values are read at each scrape; no samples, no lines: the family is left out then.
  public func gauge(
    _ name: String, help: String, labels: [String] = [], unprefixed: Bool = false, kind: MetricKind = .gauge,
    _ read: @escaping @Sendable () -> [MetricSample]
  ) {
    let full = (unprefixed ? "" : prefix) + name
    check(full, labels)
    add(full) { writer in
      let samples = read()
      guard !samples.isEmpty else { return }
      writer.head(full, kind, help: help)
      for sample in samples where sample.labels.count == labels.count {
        writer.sample(full, labels: labels, sample.labels, sample.value)
      }
    }
  }

  /// Declares a summary whose quantiles are interpolated from histograms, over all of their labels.
  ///
  /// - Parameters:
  ///   - scale: what the values are multiplied by (1000 for milliseconds of seconds).
  ///   - read: the snapshot of the observations.
  public func quantiles(
    _ name: String, help: String, _ quantiles: [Double] = [0.5, 0.95, 0.99], scale: Double = 1,
    unprefixed: Bool = false, _ read: @escaping @Sendable () -> HistogramSnapshot
  ) {
    declare(name, .summary, help, [], unprefixed) { writer, name, _ in
      let snapshot = read()
      for quantile in quantiles {
        let value = (snapshot.quantile(quantile) ?? .nan) * scale
        writer.sample(name, labels: [], [], extra: ("quantile", MetricsWriter.number(quantile)), value)
      }
      writer.sample(name, suffix: "_sum", labels: [], [], snapshot.sum * scale)
      writer.sample(name, suffix: "_count", labels: [], [], Double(snapshot.count))
    }
  }

  private func declare(
    _ name: String, _ kind: MetricKind, _ help: String, _ labels: [String], _ unprefixed: Bool,
    _ samples: @escaping @Sendable (inout MetricsWriter, _ name: String, _ labels: [String]) -> Void
  ) {
    let full = (unprefixed ? "" : prefix) + name
    check(full, labels)
    add(full) { writer in
      writer.head(full, kind, help: help)
      samples(&writer, full, labels)
    }
  }

  /// Adds a group of families that is read together; ordered by `name`.
  func add(_ name: String, _ collect: @escaping Collector) {
    collectors.withLock { collectors in
      precondition(!collectors.contains { $0.name == name }, "the metric \(name) is declared twice")
      collectors.append((name, collect))
    }
  }

  private func check(_ name: String, _ labels: [String]) {
    for word in [name] + labels {
      precondition(
        word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
          && word.utf8.first.map { !(0x30...0x39).contains($0) } ?? false,
        "a metric or label is named in lower case, digits and _: \(word)")
    }
  }
}

extension MetricFamily<Histogram> {
  /// All observations of the family, whatever their labels; nil when there are no instruments yet.
  public var total: HistogramSnapshot? {
    let snapshots = all.map(\.instrument.snapshot)
    guard var sum = snapshots.first else { return nil }
    for snapshot in snapshots.dropFirst() { sum.add(snapshot) }
    return sum
  }
}
