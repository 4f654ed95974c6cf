import Foundation
import Glibc
import Service
import TestSupport
import Testing

@Suite("Metrics of the process")
struct ProcessMetricsTests {
  @Test("promtool finds no fault in a scrape with every kind of metric")
  func promtool() async throws {
    let registry = MetricsRegistry()
    ProcessMetrics.register(on: registry)
    BuildInfo.register(on: registry, environment: ["WC_COMMIT": "a\"b"])
    registry.counter("jobs_claimed_total", help: "Claimed.", labels: [.closed("queue", ["a", "b\\\"\n"])])["a"]
      .increment()
    registry.gauge("worker_slots", help: "Slots.").set(-0.25)
    let histogram = registry.histogram(
      "job_run_seconds", help: "Run.", labels: [.open("kind")], bounds: HistogramBounds.run)
    histogram["test.noop"].observe(.milliseconds(3))
    registry.quantiles("request_latency_seconds", help: "Latency.") { histogram["test.noop"].snapshot }
    registry.gauge("queue_paused", help: "Paused.", labels: ["queue"]) { [MetricSample(["é"], 1)] }
    let scrape = String(decoding: registry.exposition(), as: UTF8.self)
    let result = try await Tool.run("promtool", ["check", "metrics"], input: scrape)
    #expect(result.status == 0, "\(result.error)\n\(scrape)")
    #expect(result.error == "")
    #expect(scrape.contains("whispercache_build_info{version=\"\(BuildInfo.version)\",commit=\"a\\\"b\""))
  }

  @Test("the numbers are those of this process")
  func numbers() throws {
    let statistics = try #require(ProcessStatistics.read())
    #expect(statistics.cpuSeconds >= 0 && statistics.threads >= 1)
    #expect(statistics.residentBytes > 1 << 20 && statistics.virtualBytes >= statistics.residentBytes)
    #expect(statistics.openFiles >= 3 && statistics.mostFiles >= statistics.openFiles)
    #expect(statistics.heapUsedBytes > 0 && statistics.heapTotalBytes >= statistics.heapUsedBytes)
    let age = Date().timeIntervalSince1970 - statistics.startSeconds
    #expect(age > -2 && age < 86_400)
    #expect(statistics.uptimeSeconds < 86_400)
  }

  @Test("an opened file shows")
  func openFiles() throws {
    let before = try #require(ProcessStatistics.read()?.openFiles)
    let descriptors = (0..<200).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    let after = try #require(ProcessStatistics.read()?.openFiles)
    for descriptor in descriptors { close(descriptor) }
    // Other tests open and close files meanwhile, but not this many.
    #expect(after > before + 100)
  }

  @Test("the names of the operations guide are there, with the prefix")
  func operationsGuide() {
    let registry = MetricsRegistry()
    ProcessMetrics.registerOperationsGuideNames(on: registry)
    let scrape = String(decoding: registry.exposition(), as: UTF8.self)
    for name in ["memory_heap_used_mb", "memory_heap_total_mb", "memory_rss_mb", "uptime_seconds"] {
      #expect(scrape.contains("\nwhispercache_\(name) "))
    }
  }
}
