import TestSupport
import Testing

@testable import Producer

@Suite("Redis away")
struct OutageTests {
  /// The bound of the contract, and what a loaded machine may take beyond it.
  private static let bound = Duration.seconds(10)

  private static func isRefused(_ answer: PlainHTTP.Answer) -> Bool {
    answer.status == 503 && answer.slug == "store-unavailable" && answer.headers["retry-after"] == "1"
  }

  @Test("a dead Redis is 503 with Retry-After on every call, probes tell, and all is well once it is back")
  func killed() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      producer.redis.kill()
      #expect(Self.isRefused(try await producer.submit()))
      for path in ["/api/v1/jobs/\(id)", "/api/v1/jobs/\(id)/result", "/api/v1/jobs/\(id)?wait=50", "/api/v1/queues"] {
        let answer = try await producer.http.get(path, within: Self.bound)
        #expect(Self.isRefused(answer), "\(answer)")
        #expect(!answer.text.contains(producer.redis.socketPath))
      }
      #expect(try await producer.http.get("/livez").status == 200)
      let ready = try await producer.http.get("/readyz")
      #expect(ready.status == 503)
      #expect(ready.slug == "not-ready")
      #expect(try await producer.http.get("/api/health").json["status"].string == "degraded")
      #expect(try await producer.http.get("/api/ready").json["ready"].bool == false)
      #expect(try await producer.http.get("/metrics").status == 200)
      try await eventually("the gauge tells") {
        try await producer.http.get("/metrics").text.contains("whispercache_redis_up 0")
      }
      try producer.redis.start()
      try await eventually("calls are answered again") { try await producer.submit().status == 202 }
      try await eventually("the probe is glad again") { try await producer.http.get("/readyz").status == 200 }
      #expect(try await producer.http.get("/metrics").text.contains("whispercache_redis_reconnects_total 1"))
    }
  }

  @Test("a Redis that accepts and answers nothing is no hang")
  func paused() async throws {
    try await withProducer { producer in
      _ = try await producer.submit()
      producer.redis.pause()
      let answer = try await producer.http.post(
        "/api/v1/jobs", json: #"{"kind":"test.noop","payload":{}}"#, within: Self.bound)
      #expect(Self.isRefused(answer), "\(answer)")
      try await eventually("the probe tells") { try await producer.http.get("/readyz").status == 503 }
      producer.redis.resume()
      try await eventually("calls are answered again") { try await producer.submit().status == 202 }
    }
  }

  @Test("a Redis that was never there: the service starts, says so, and takes it up when it comes")
  func late() async throws {
    let redis = try RedisServer()
    redis.kill()
    try await withProducer(redis: redis) { producer in
      #expect(Self.isRefused(try await producer.submit()))
      #expect(try await producer.http.get("/livez").status == 200)
      #expect(try await producer.http.get("/readyz").status == 503)
      try redis.start()
      try await eventually("calls are answered") { try await producer.submit().status == 202 }
    }
  }

  @Test("a full Redis is 503 and nothing of the job is left")
  func outOfMemory() async throws {
    try await withProducer { producer in
      _ = try await producer.submitted()
      let before = try producer.redis.command("DBSIZE").int
      try producer.redis.command("CONFIG", "SET", "maxmemory", "1")
      let answer = try await producer.submit(
        #"{"kind":"test.noop","payload":{},"unique":{"key":"k","ttl":"1h"}}"#, ["Idempotency-Key": "i"])
      #expect(answer.status == 503)
      #expect(answer.slug == "store-full")
      #expect(answer.headers["retry-after"] == "5")
      let lines = try await producer.bulk(#"{"kind":"test.noop","payload":{}}"# + "\n").jsonLines
      #expect(lines[0]["status"].int == 503)
      #expect(lines[0]["retryable"].bool == true)
      #expect(try producer.redis.command("DBSIZE").int == before)
      try producer.redis.command("CONFIG", "SET", "maxmemory", "0")
      let again = try await producer.submit(
        #"{"kind":"test.noop","payload":{},"unique":{"key":"k","ttl":"1h"}}"#, ["Idempotency-Key": "i"])
      #expect(again.status == 202)
      #expect(again.headers["idempotency-replayed"] == nil)
    }
  }

  @Test("settings of Redis that lose jobs make the service not ready, weaker ones are told")
  func settings() async throws {
    try await withProducer { producer in
      try await eventually("the weaker setting is told") {
        let checks = try await producer.http.get("/readyz").json["checks"].elements
        return checks.contains { $0["name"].string == "redis_aof" && $0["outcome"].string == "warn" }
      }
    }
    let redis = try RedisServer()
    try redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    let producer = try await LiveProducer.startWithoutWaiting(redis: redis)
    try await eventually("the finding is told") {
      try await producer.http.get("/readyz").text.contains("redis_maxmemory_policy: maxmemory-policy is allkeys-lru")
    }
    #expect(try await producer.http.get("/readyz").status == 503)
    await producer.stop()
  }
}
