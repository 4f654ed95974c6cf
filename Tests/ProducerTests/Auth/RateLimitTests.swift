import TestSupport
import Testing

@testable import Producer

@Suite("How often a client may call")
struct RateLimitTests {
  private static func count(_ producer: LiveProducer, _ name: String) async throws -> Int {
    let line = try await producer.http.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name + " ") }
    return try #require(line.flatMap { Int($0.dropFirst(name.count + 1)) })
  }

  @Test("without RATE_LIMIT there is none, no field tells of one, and its counter is 0")
  func off() async throws {
    try await withProducer { producer async throws in
      let answer = try await producer.http.get("/api/v1/queues")
      #expect(answer.status == 200 && answer.headers["ratelimit"] == nil && answer.headers["ratelimit-policy"] == nil)
      #expect(try await Self.count(producer, "rate_limit_exceeded_total") == 0)
      #expect(try await Self.count(producer, "ip_blocked_total") == 0)
      #expect(try producer.redis.command("KEYS", "wc:rate:*").elements.isEmpty)
    }
  }

  @Test("so many calls in a window, over all producers; then 429 with fields that say when")
  func shared() async throws {
    let redis = try RedisServer()
    let settings = ["RATE_LIMIT": "5/1h"]
    try await withProducer(settings, redis: redis) { one async throws in
      try await withProducer(settings, redis: redis) { other async throws in
        for (index, producer) in [one, other, one, other, one].enumerated() {
          // An error counts, and has the fields too.
          let answer = try await producer.http.get(index == 1 ? "/api/v1/jobs/test.x" : "/api/v1/queues")
          #expect(answer.status == (index == 1 ? 404 : 200))
          #expect(answer.headers["ratelimit-policy"] == #""client";q=5;w=3600"#)
          #expect(answer.headers["ratelimit"]?.hasPrefix(#""client";r=\#(4 - index);t=3"#) == true, "\(answer)")
        }
        for producer in [one, other] {
          let answer = try await producer.submit()
          #expect(answer.status == 429 && answer.slug == "rate-limited", "\(answer)")
          let wait = try #require(answer.headers["retry-after"].flatMap { Int($0) })
          #expect((3000...3600).contains(wait))
          #expect(answer.headers["ratelimit"] == #""client";r=0;t=\#(wait)"#)
          #expect(try await Self.count(producer, "rate_limit_exceeded_total") == 1)
          #expect(try await producer.http.get("/livez").status == 200)
          #expect(try await producer.http.get("/api/health").status == 200)
        }
        #expect(try redis.command("EXISTS", "wc:queues").int == 0)
        #expect(try redis.command("GET", "wc:rate:address:127.0.0.1").text == "5")
      }
    }
  }

  @Test("at once over two producers, exactly as many pass as may")
  func concurrent() async throws {
    let redis = try RedisServer()
    let settings = ["RATE_LIMIT": "20/1h"]
    try await withProducer(settings, redis: redis) { one async throws in
      try await withProducer(settings, redis: redis) { other async throws in
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
          for index in 0..<50 {
            let http = index % 2 == 0 ? one.http : other.http
            group.addTask { try await http.get("/api/v1/queues").status }
          }
          return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [200: 20, 429: 30])
      }
    }
  }

  @Test("callers with tokens are counted by owner, not by address; a client that stops sending counts too")
  func owners() async throws {
    try await withProducer(["RATE_LIMIT": "2/1h", "JWT_SECRET": TokenMint.secret]) { producer async throws in
      let alice = TokenMint.bearer(try TokenMint.token(sub: "alice", scope: "jobs:read"))
      let bob = TokenMint.bearer(try TokenMint.token(sub: "bob", scope: "jobs:read"))
      // Refused before it is counted.
      #expect(try await producer.http.get("/api/v1/queues").status == 401)
      for expected in [200, 200, 429] {
        #expect(try await producer.http.get("/api/v1/queues", alice).status == expected)
      }
      for prefix in ["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 429"] {
        let client = try RawClient(port: producer.http.port)
        try await client.send(
          "GET /api/v1/queues HTTP/1.1\r\nHost: x\r\nAuthorization: \(bob["Authorization"] ?? "")\r\n"
            + "Connection: close\r\n\r\n")
        client.endSending()
        #expect(try await client.readAll().hasPrefix(prefix))
      }
      #expect(try producer.redis.command("EXISTS", "wc:rate:owner:alice", "wc:rate:owner:bob").int == 2)
    }
  }

  @Test("the window ends, and a count without an end is given one")
  func window() async throws {
    try await withProducer(["RATE_LIMIT": "1/1h"]) { producer async throws in
      let key = "wc:rate:address:127.0.0.1"
      #expect(try await producer.http.get("/api/v1/queues").status == 200)
      try producer.redis.command("PEXPIRE", key, "1")
      try await eventually("the window is over") { try producer.redis.command("EXISTS", key).int == 0 }
      #expect(try await producer.http.get("/api/v1/queues").status == 200)
      try producer.redis.command("SET", key, "7")
      #expect(try await producer.http.get("/api/v1/queues").status == 429)
      #expect(try #require(try producer.redis.command("PTTL", key).int) > 0)
      // A count that is none refuses nobody.
      try producer.redis.command("SET", key, "nonsense")
      #expect(try await producer.http.get("/api/v1/queues").status == 200)
    }
  }

  @Test("without Redis nobody is refused, nothing hangs, and the log says so")
  func outage() async throws {
    try await withProducer(["RATE_LIMIT": "1/1h"]) { producer async throws in
      producer.redis.kill()
      for _ in 0..<3 {
        let answer = try await producer.http.get("/api/v1/queues", within: .seconds(10))
        #expect(answer.status == 503 && answer.slug == "store-unavailable")
      }
      #expect(producer.log.all.contains { $0.contains("limits are not in force") })
      try producer.redis.start()
      try await eventually("calls are counted again") {
        try await producer.http.get("/api/v1/queues").headers["ratelimit"] != nil
      }
      producer.redis.pause()
      let answer = try await producer.http.get("/api/v1/queues", within: .seconds(10))
      producer.redis.resume()
      #expect(answer.status == 503)
    }
  }
}
