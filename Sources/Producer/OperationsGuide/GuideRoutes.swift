import HTTPWire
import JSONWire
import Service
import Transport

/// The endpoints that the operations guide names, in the shapes that its scripts read.
@EventLoop
struct GuideRoutes: Sendable {
  let telemetry: RequestTelemetry
  let checks: @EventLoop @Sendable () -> [ReadinessCheck]
  /// Nil when metrics are off.
  let metrics: (@EventLoop @Sendable () -> [UInt8])?

  /// The paths, for the labels of metrics.
  nonisolated static let paths = [
    "/api", "/api/health", "/api/ready", "/api/metrics/stats", "/api/metrics/prometheus", "/api/metrics/health",
  ]

  nonisolated func add(to router: inout Router) {
    router.immediate(.get, "/api") { _ in .json(self.index) }
    router.immediate(.get, "/api/health") { _ in self.health() }
    router.immediate(.get, "/api/ready") { _ in self.ready() }
    router.immediate(.get, "/api/metrics/health") { _ in self.metricsHealth() }
    guard let metrics else { return }
    router.immediate(.get, "/api/metrics/stats") { _ in .json(self.statistics()) }
    router.immediate(.get, "/api/metrics/prometheus") { _ in
      HTTPResponse(contentType: ProbeRoutes.metricsContentType, body: .bytes(metrics()))
    }
  }

  private nonisolated var index: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("name", "whispercache")
      writer.field("version", BuildInfo.version)
      writer.field(
        "endpoints",
        [
          "/api/v1/jobs", "/api/v1/jobs/bulk", "/api/v1/queues", "/api/v1/circuits", "/api/health", "/api/ready",
          "/api/metrics/stats", "/api/metrics/prometheus", "/api/metrics/health", "/livez", "/readyz", "/healthz",
          "/metrics", "/version",
        ])
    }
    return writer.bytes
  }

  private var timestamp: String { Timestamp(unixMs: WallClock.nowMs()).description }

  private func health() -> HTTPResponse {
    let checks = checks()
    let isReady = checks.allSatisfy { $0.outcome != .fail }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("status", isReady ? "healthy" : "degraded")
      writer.object("services") { writer in
        writer.field("api", "up")
        for check in checks { writer.field(check.name, Self.words[check.outcome] ?? "") }
      }
      writer.field("timestamp", timestamp)
    }
    return .json(writer.bytes, status: isReady ? .ok : .unavailable, headers: ["Cache-Control": "no-store"])
  }

  private func ready() -> HTTPResponse {
    let isReady = checks().allSatisfy { $0.outcome != .fail }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("status", isReady ? "ready" : "not_ready")
      writer.field("ready", isReady)
      writer.field("timestamp", timestamp)
    }
    return .json(writer.bytes, status: isReady ? .ok : .unavailable, headers: ["Cache-Control": "no-store"])
  }

  private func metricsHealth() -> HTTPResponse {
    let checks = checks()
    let isReady = checks.allSatisfy { $0.outcome != .fail }
    let process = ProcessStatistics.read()
    let isErring = errorRate > 0.05
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("status", !isReady ? "unhealthy" : isErring ? "degraded" : "healthy")
      writer.object("checks") { writer in
        writer.field("memory", true)
        writer.field("uptime", true)
        writer.field("errorRate", !isErring)
        for check in checks { writer.field(check.name, check.outcome != .fail) }
      }
      writer.object("stats") { writer in
        writer.field("uptimeSeconds", process?.uptimeSeconds ?? 0)
        writer.field("memoryUsedMB", Self.megabytes(process?.heapUsedBytes))
        writer.field("requestsTotal", telemetry.total.value)
        writer.field("errorRate", errorRate)
      }
      writer.field("timestamp", timestamp)
    }
    return .json(writer.bytes, status: isReady ? .ok : .unavailable, headers: ["Cache-Control": "no-store"])
  }

  private func statistics() -> [UInt8] {
    let process = ProcessStatistics.read()
    let latency = telemetry.latency.snapshot
    var writer = JSONWriter(capacity: 1024)
    writer.object { writer in
      writer.field("success", true)
      writer.object("stats") { writer in
        writer.object("requests") { writer in
          writer.field("total", telemetry.total.value)
          writer.field("successful", telemetry.successes.value)
          writer.field("failed", telemetry.failures.value)
          writer.field("avgLatencyMs", latency.count == 0 ? 0 : latency.sum * 1000 / Double(latency.count))
          for percent in [50, 95, 99] {
            writer.field("p\(percent)LatencyMs", (latency.quantile(Double(percent) / 100) ?? 0) * 1000)
          }
        }
        // Proofs are made by the workers, whose own metrics count them.
        writer.object("proofs") { writer in
          for name in ["generated", "verified", "avgGenerationMs", "cacheHitRate"] { writer.fieldNull(name) }
        }
        writer.object("memory") { writer in
          writer.field("heapUsedMB", Self.megabytes(process?.heapUsedBytes))
          writer.field("heapTotalMB", Self.megabytes(process?.heapTotalBytes))
          writer.field("externalMB", 0)
          writer.field("rss", Self.megabytes(process?.residentBytes))
        }
        writer.field("uptime", process?.uptimeSeconds ?? 0)
      }
      writer.field("timestamp", timestamp)
    }
    return writer.bytes
  }

  private var errorRate: Double {
    let total = telemetry.total.value
    return total == 0 ? 0 : Double(telemetry.failures.value) / Double(total)
  }

  private nonisolated static let words: [ReadinessCheck.Outcome: String] = [
    .pass: "up", .warn: "degraded", .fail: "down",
  ]

  private static func megabytes(_ bytes: Int?) -> Double { Double(bytes ?? 0) / 1_048_576 }
}
