import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Probes, metrics, operations guide")
struct ProbeTests {
  @Test("the metrics port serves probes and metrics, and nothing of the API")
  func metricsPort() async throws {
    try await withProducer { producer async throws in
      let metrics = PlainHTTP(port: await producer.service.metricsPort)
      for path in ["/livez", "/readyz", "/healthz", "/metrics"] {
        #expect(try await metrics.get(path).status == 200, "\(path)")
      }
      #expect(try await metrics.get("/api/v1/queues").status == 404)
      #expect(try await metrics.get("/version").status == 404)
    }
  }

  @Test("without metrics there is no metrics port and no text of them")
  func withoutMetrics() async throws {
    try await withProducer(["METRICS_ENABLED": "false"]) { producer async throws in
      #expect(await producer.service.metricsPort == 0)
      #expect(try await producer.http.get("/metrics").status == 404)
      #expect(try await producer.http.get("/api/metrics/prometheus").status == 404)
      #expect(try await producer.http.get("/readyz").status == 200)
    }
  }

  @Test("what alerts watch is there from the start, and counts")
  func metrics() async throws {
    try await withProducer { producer async throws in
      _ = try await producer.submit()
      _ = try await producer.submit("{")
      _ = try await producer.submit(#"{"kind":"test.noop","payload":{}}"#, ["Prefer": "wait=1"])
      let text =
        try await eventually("the queues have been read") {
          let text = try await producer.http.get("/metrics").text
          return text.contains("whispercache_queue_jobs{") ? text : nil
        } as String
      for line in [
        #"whispercache_jobs_enqueued_total{queue="test",kind="test.noop"} 2"#,
        #"whispercache_jobs_enqueued_total{queue="proof",kind="proof.policy"} 0"#,
        #"http_request_duration_seconds_count{method="POST",route="/api/v1/jobs",status="202"} 2"#,
        #"http_request_duration_seconds_count{method="POST",route="/api/v1/jobs",status="400"} 1"#,
        #"http_request_duration_seconds_bucket{method="POST",route="/api/v1/jobs",status="202",le="+Inf"} 2"#,
        "whispercache_requests_total 3", "whispercache_requests_success 2", "whispercache_requests_error 1",
        "whispercache_request_latency_ms_count 3", "whispercache_redis_up 1", "whispercache_leases_expired_total 0",
        "whispercache_redis_reconnects_total 0",
      ] {
        #expect(text.contains(line + "\n"), "\(line)")
      }
      for name in [
        "whispercache_build_info{", "whispercache_loop_lag_seconds_count", "whispercache_memory_rss_mb ",
        #"whispercache_redis_operation_duration_seconds_count{operation="enqueue"} 2"#, "process_open_fds ",
        #"whispercache_queue_jobs{queue="test",state="ready"}"#, "whispercache_queue_stats_age_seconds ",
      ] {
        #expect(text.contains(name), "\(name)")
      }
      #expect(try await producer.http.get("/api/metrics/prometheus").text.contains("whispercache_requests_total 3"))
    }
  }

  @Test("the text is what promtool takes")
  func promtool() async throws {
    try await withProducer { producer async throws in
      _ = try await producer.submit()
      let text = try await producer.http.get("/metrics").text
      let result = try await Tool.run("promtool", ["check", "metrics"], input: text)
      // Names that others chose are kept against its advice; it must parse them.
      #expect(!result.error.contains("error while linting"), "\(result.error)")
    }
  }

  @Test("the guide's endpoints have the guide's shapes")
  func guide() async throws {
    try await withProducer { producer async throws in
      _ = try await producer.submit()
      let index = try await producer.http.get("/api")
      #expect(index.json["name"].string == "whispercache")
      let health = try await producer.http.get("/api/health")
      #expect(health.json["status"].string == "healthy")
      #expect(health.json["services"]["redis"].string == "up")
      #expect(health.json["timestamp"].string != nil)
      let ready = try await producer.http.get("/api/ready")
      #expect(ready.json["ready"].bool == true)
      let stats = try await producer.http.get("/api/metrics/stats")
      #expect(stats.json["success"].bool == true)
      #expect(
        stats.json["stats"]["requests"].members.keys.sorted() == [
          "avgLatencyMs", "failed", "p50LatencyMs", "p95LatencyMs", "p99LatencyMs", "successful", "total",
        ])
      #expect(
        stats.json["stats"]["memory"].members.keys.sorted() == ["externalMB", "heapTotalMB", "heapUsedMB", "rss"])
      #expect(stats.json["stats"]["proofs"].members.count == 4)
      let metrics = try await producer.http.get("/api/metrics/health")
      #expect(metrics.json["status"].string == "healthy")
      #expect(metrics.json["checks"]["redis"].bool == true)
      #expect(metrics.json["stats"]["requestsTotal"].int == 2)
      let version = try await producer.http.get("/version")
      #expect(version.json["name"].string == "producer")
    }
  }

  @Test("an expired lease is found by the producer, and counted")
  func maintenance() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      _ = try producer.worker().claim()
      try producer.redis.command("ZADD", "wc:{test}:running", "1", id.text)
      try await eventually("the job is ready again") {
        try await producer.http.get("/api/v1/jobs/\(id)").json["state"].string == "ready"
      }
      #expect(try await producer.http.get("/metrics").text.contains("whispercache_leases_expired_total 1\n"))
    }
  }

  @Test("a request is one line of the log, with what finds it again")
  func accessLog() async throws {
    try await withProducer { producer async throws in
      let name = "log-\(UInt32.random(in: .min ... .max))"
      _ = try await producer.http.get("/api/v1/queues", ["X-Request-Id": name])
      let lines = producer.log.all.filter { $0.contains(name) }
      #expect(lines.count == 1)
      let line = try JSONTree(try #require(lines.first))
      #expect(line["msg"].string == "request")
      #expect(line["level"].string == "debug")
      #expect(line["route"].string == "/api/v1/queues")
      #expect(line["status"].int == 200)
    }
  }
}
