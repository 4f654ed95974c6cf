import Service
import TestSupport
import Testing

@Suite("Metrics")
struct MetricsTests {
  private func text(_ registry: MetricsRegistry) -> String { String(decoding: registry.exposition(), as: UTF8.self) }

  @Test("each kind is written as the text format wants it, ordered by name and labels")
  func exposition() {
    let registry = MetricsRegistry()
    let finished = registry.counter(
      "jobs_finished_total", help: "Jobs by outcome.",
      labels: [.closed("queue", ["proof"]), .closed("outcome", ["succeeded", "dead"])])
    finished["proof", "succeeded"].increment()
    finished["proof", "succeeded"].increment(by: 41)
    finished["proof", "succeeded"].increment(by: -5)
    let slots = registry.gauge("worker_slots", help: "Slots.\nAll \\ of them.")
    slots.set(4)
    slots.add(-0.5)
    let run = registry.histogram("http_request_duration_seconds", help: "Time.", bounds: [0.1, 1], unprefixed: true)
    for value in [0.05, 0.1, 0.5, 7] { run.observe(value) }
    run.observe(.milliseconds(250))
    registry.gauge("queue_jobs", help: "Jobs.", labels: ["queue", "state"]) {
      [MetricSample(["a\"\\\nb", "ready"], 1e21), MetricSample(["wrong"], 1)]
    }
    registry.gauge("left_out", help: "None.") { [] }
    registry.quantiles("request_latency_ms", help: "Latency.", scale: 1000) { run.snapshot }
    #expect(
      text(registry) == """
        # HELP http_request_duration_seconds Time.
        # TYPE http_request_duration_seconds histogram
        http_request_duration_seconds_bucket{le="0.1"} 2
        http_request_duration_seconds_bucket{le="1"} 4
        http_request_duration_seconds_bucket{le="+Inf"} 5
        http_request_duration_seconds_sum 7.9
        http_request_duration_seconds_count 5
        # HELP whispercache_jobs_finished_total Jobs by outcome.
        # TYPE whispercache_jobs_finished_total counter
        whispercache_jobs_finished_total{queue="proof",outcome="dead"} 0
        whispercache_jobs_finished_total{queue="proof",outcome="succeeded"} 42
        # HELP whispercache_queue_jobs Jobs.
        # TYPE whispercache_queue_jobs gauge
        whispercache_queue_jobs{queue="a\\"\\\\\\nb",state="ready"} 1e+21
        # HELP whispercache_request_latency_ms Latency.
        # TYPE whispercache_request_latency_ms summary
        whispercache_request_latency_ms{quantile="0.5"} 325
        whispercache_request_latency_ms{quantile="0.95"} 1000
        whispercache_request_latency_ms{quantile="0.99"} 1000
        whispercache_request_latency_ms_sum 7900
        whispercache_request_latency_ms_count 5
        # HELP whispercache_worker_slots Slots.\\nAll \\\\ of them.
        # TYPE whispercache_worker_slots gauge
        whispercache_worker_slots 3.5

        """)
  }

  @Test("all combinations of closed labels exist as 0 from the start")
  func zeroes() {
    let registry = MetricsRegistry()
    _ = registry.counter(
      "jobs_dead_total", help: "Dead.",
      labels: [.closed("queue", ["a", "b"]), .closed("reason", ["timeout", "poison"])])
    let lines = text(registry).split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { $0.hasSuffix(" 0") })
  }

  @Test("a value outside a closed list is counted as other")
  func closed() {
    let family = MetricsRegistry().counter("a_total", help: "A.", labels: [.closed("outcome", ["good"])])
    family["bad"].increment()
    family["worse"].increment()
    #expect(family["other"].value == 2)
    #expect(family["good"].value == 0)
    #expect(family.all.map(\.labels) == [["good"], ["other"]])
  }

  @Test("after 100 open combinations further ones are other, and the known ones go on")
  func openLabels() {
    let family = MetricsRegistry().counter("a_total", help: "A.", labels: [.open("kind"), .closed("outcome", ["x"])])
    for index in 0..<300 { family["kind\(index)", "x"].increment() }
    family["kind5", "x"].increment()
    family["kind250", "x"].increment()
    #expect(family["kind5", "x"].value == 2)
    #expect(family["other", "x"].value == 201)
    #expect(family.all.count == 101)
  }

  @Test("the same labels give the same instrument")
  func identity() {
    let family = MetricsRegistry().gauge("a", help: "A.", labels: [.open("k")])
    #expect(family["x"] === family["x"])
    #expect(family["x"] !== family["y"])
  }

  @Test("an observation on a bound belongs to its bucket, NaN to none")
  func bounds() {
    let histogram = Histogram(bounds: [1, 2])
    for value in [0.5, 1, 1.5, 2, 2.5, -1, .infinity] { histogram.observe(value) }
    histogram.observe(.nan)
    #expect(histogram.snapshot.counts == [3, 2, 2])
    #expect(histogram.snapshot.count == 7)
  }

  @Test("quantiles are interpolated within their bucket")
  func quantiles() {
    let snapshot = HistogramSnapshot(bounds: [1, 2, 4], counts: [10, 10, 20, 0], sum: 0)
    #expect(snapshot.quantile(0.25) == 1)
    #expect(snapshot.quantile(0.125) == 0.5)
    #expect(snapshot.quantile(0.375) == 1.5)
    #expect(snapshot.quantile(0.75) == 3)
    #expect(snapshot.quantile(1) == 4)
    #expect(snapshot.quantile(0) == 0)
    #expect(snapshot.quantile(-1) == 0 && snapshot.quantile(2) == 4)
    #expect(HistogramSnapshot(bounds: [1], counts: [0, 0], sum: 0).quantile(0.5) == nil)
    #expect(HistogramSnapshot(bounds: [], counts: [5], sum: 0).quantile(0.5) == nil)
    #expect(HistogramSnapshot(bounds: [1, 2], counts: [0, 0, 5], sum: 0).quantile(0.5) == 2)
  }

  @Test("a quantile of random observations lies in the bucket that holds it")
  func randomQuantiles() {
    var generator = SeededGenerator()
    let bounds = HistogramBounds.wait
    for _ in 0..<200 {
      let histogram = Histogram(bounds: bounds)
      let values = (0..<50).map { _ in Double.random(in: 0...2000, using: &generator) }.sorted()
      for value in values { histogram.observe(value) }
      let exact = values[24]
      let found = histogram.snapshot.quantile(0.5) ?? -1
      let index = bounds.firstIndex { exact <= $0 } ?? bounds.count
      let range =
        (index > 0 ? bounds[index - 1] : 0)...(index < bounds.count ? bounds[index] : bounds[bounds.count - 1])
      #expect(range.contains(found) || index == bounds.count && found == bounds.last, "\(generator)")
    }
  }

  @Test("snapshots of one family add up")
  func total() {
    let family = MetricsRegistry().histogram("a_seconds", help: "A.", labels: [.open("k")], bounds: [1])
    #expect(family.total == nil)
    family["x"].observe(0.5)
    family["y"].observe(2)
    #expect(family.total == HistogramSnapshot(bounds: [1], counts: [1, 1], sum: 2.5))
    var snapshot = HistogramSnapshot(bounds: [1], counts: [1, 0], sum: 1)
    snapshot.add(HistogramSnapshot(bounds: [2], counts: [5, 5], sum: 9))
    #expect(snapshot.count == 1)
  }

  @Test("a metric with no observation has quantiles that are no number")
  func emptyQuantiles() {
    let registry = MetricsRegistry(prefix: "")
    registry.quantiles("q", help: "Q.", [0.5]) { HistogramSnapshot(bounds: [1], counts: [0, 0], sum: 0) }
    #expect(text(registry).contains("q{quantile=\"0.5\"} NaN\n"))
  }

  @Test("nothing is lost when many tasks count at once")
  func concurrent() async {
    let registry = MetricsRegistry()
    let counter = registry.counter("a_total", help: "A.")
    let gauge = registry.gauge("b", help: "B.")
    let histogram = registry.histogram("c_seconds", help: "C.", bounds: [0.5])
    let family = registry.counter("d_total", help: "D.", labels: [.open("k")])
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for _ in 0..<1000 {
            counter.increment()
            gauge.add(1)
            histogram.observe(1)
            family["\(task % 2)"].increment()
          }
        }
      }
    }
    #expect(counter.value == 8000 && gauge.value == 8000)
    #expect(histogram.snapshot.sum == 8000 && histogram.snapshot.count == 8000)
    #expect(family["0"].value + family["1"].value == 8000)
  }

  @Test("declaring a name twice, or one that Prometheus does not allow, ends the program at once")
  func programmerErrors() async {
    await #expect(processExitsWith: .failure) {
      let registry = MetricsRegistry()
      _ = registry.gauge("a", help: "A.")
      _ = registry.gauge("a", help: "A.")
    }
    await #expect(processExitsWith: .failure) { _ = MetricsRegistry(prefix: "").gauge("1a-b", help: "A.") }
    await #expect(processExitsWith: .failure) {
      _ = MetricsRegistry().counter("a_total", help: "A.", labels: [.open("k")])["x", "y"]
    }
  }
}
