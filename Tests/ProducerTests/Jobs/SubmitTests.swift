import Jobs
import Service
import TestSupport
import Testing

@testable import Producer

@Suite("POST /api/v1/jobs")
struct SubmitTests {
  @Test("a job is accepted with its place, and lies in Redis as it was sent")
  func accepted() async throws {
    try await withProducer { producer in
      let payload = #"{"n": 12345678901234567890123, "t":"\u00e9"}"#
      let answer = try await producer.submit(#"{"kind":"test.noop","payload":\#(payload)}"#)
      #expect(answer.status == 202, "\(answer)")
      let id = try #require(answer.json["id"].string)
      #expect(answer.headers["location"] == "/api/v1/jobs/\(id)")
      #expect(answer.headers["retry-after"] == "1")
      #expect(answer.json["state"].string == "ready")
      #expect(answer.json["done"].bool == false)
      #expect(answer.json["queue"].string == "test")
      #expect(answer.json["kind"].string == "test.noop")
      #expect(answer.json["max_attempts"].int == 5)
      #expect(answer.json["priority"].string == "normal")
      #expect(answer.json["links"]["result"].string == "/api/v1/jobs/\(id)/result")
      #expect(Timestamp(rfc3339: try #require(answer.json["created_at"].string)) != nil)
      #expect(try producer.redis.command("LRANGE", "wc:{test}:ready", "0", "-1").elements.map(\.text) == [id])
      #expect(try producer.redis.command("HGET", "wc:{test}:job:\(id)", "payload").text == payload)
      #expect(try producer.redis.command("SISMEMBER", "wc:queues", "test").int == 1)
    }
  }

  @Test("what a job asks for is kept: queue, priority, time, attempts")
  func options() async throws {
    try await withProducer { producer in
      let answer = try await producer.submit(
        #"{"kind":"test.noop","payload":null,"queue":"other","priority":"high","delay":"1h","max_attempts":9.0}"#)
      #expect(answer.status == 202, "\(answer)")
      #expect(answer.json["state"].string == "scheduled")
      #expect(answer.json["queue"].string == "other")
      #expect(answer.json["max_attempts"].int == 9)
      let id = try #require(answer.json["id"].string)
      #expect(try producer.redis.command("ZSCORE", "wc:{other}:scheduled", id).text != nil)
      let read = try await producer.http.get("/api/v1/jobs/\(id)")
      #expect(read.json["priority"].string == "high")
      #expect(read.json["state"].string == "scheduled")
    }
  }

  @Test(
    "what is wrong with a job is told with its place",
    arguments: [
      (#"{"kind":"test.noop","payload":{},"max_atempts":3}"#, 422, "invalid-job", ["/max_atempts"]),
      (#"{"kind":"test.noop"}"#, 422, "invalid-job", ["/payload"]),
      (
        #"{"kind":"test.noop","payload":1,"queue":"A b","priority":"low"}"#, 422, "invalid-job",
        ["/queue", "/priority"]
      ),
      (#"{"kind":"test.nop","payload":1}"#, 422, "unknown-kind", ["/kind"]),
      (#"[1]"#, 422, "invalid-job", [""]),
      (#"{"kind":"test.noop","payload":1"#, 400, "malformed-json", [""]),
      (#"{"kind":"test.noop","payload":1,"payload":2}"#, 400, "malformed-json", [""]),
      ("", 400, "malformed-json", [""]),
    ])
  func refused(body: String, status: Int, slug: String, pointers: [String]) async throws {
    try await withProducer { producer in
      let answer = try await producer.submit(body)
      #expect(answer.status == status, "\(answer)")
      #expect(answer.slug == slug)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(answer.pointers == pointers, "\(answer)")
      #expect(answer.json["instance"].string == "/api/v1/jobs")
      #expect(answer.json["request_id"].string == answer.headers["x-request-id"])
      #expect(try producer.redis.command("EXISTS", "wc:{test}:ready").int == 0)
    }
  }

  @Test("another content type is 415", arguments: ["text/plain", "application/x-www-form-urlencoded", ""])
  func contentType(type: String) async throws {
    try await withProducer { producer in
      let headers = type.isEmpty ? [:] : ["Content-Type": type]
      let answer = try await producer.http.request(
        "POST", "/api/v1/jobs", headers, body: Array(#"{"kind":"test.noop","payload":{}}"#.utf8))
      #expect(answer.status == 415)
      #expect(answer.slug == "unsupported-media-type")
      #expect(answer.headers["accept"] == "application/json")
    }
  }

  @Test("a payload beyond its limit is 413, and a body that could hold none even more so")
  func tooLarge() async throws {
    try await withProducer(["MAX_PAYLOAD_BYTES": "1KiB"]) { producer in
      let large = try await producer.submit(
        #"{"kind":"test.noop","payload":"\#(String(repeating: "x", count: 1023))"}"#)
      #expect(large.status == 413)
      #expect(large.slug == "payload-too-large")
      let huge = try await producer.submit(
        #"{"kind":"test.noop","payload":"\#(String(repeating: "x", count: 200_000))"}"#)
      #expect(huge.status == 413)
      let fits = try await producer.submit(
        #"{"kind":"test.noop","payload":"\#(String(repeating: "x", count: 1022))"}"#)
      #expect(fits.status == 202)
    }
  }

  @Test("a method that is not there is 405 with Allow, and a path that is not there 404")
  func unknownPaths() async throws {
    try await withProducer { producer in
      let method = try await producer.http.request("PUT", "/api/v1/jobs", body: [])
      #expect(method.status == 405)
      #expect(method.headers["allow"]?.contains("POST") == true)
      #expect(method.slug == "method-not-allowed")
      let path = try await producer.http.get("/api/v1/nothing")
      #expect(path.status == 404)
      #expect(path.slug == "not-found")
    }
  }

  @Test("a traceparent is continued under a span of its own; an invalid one is passed over")
  func trace() async throws {
    try await withProducer { producer in
      let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      let good = try await producer.submit(
        #"{"kind":"test.noop","payload":{}}"#, ["traceparent": parent, "X-Request-Id": "mine-1"])
      #expect(good.headers["x-request-id"] == "mine-1")
      let id = try #require(good.json["id"].string)
      let options = try JSONTree(try #require(producer.redis.command("HGET", "wc:{test}:job:\(id)", "opts").text))
      let child = try #require(options["traceparent"].string.flatMap { TraceContext($0) })
      #expect(child.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
      #expect(child.spanID != "00f067aa0ba902b7")
      #expect(child.isSampled)
      #expect(good.headers["traceparent"] == child.traceparent)
      let read = try await producer.http.get("/api/v1/jobs/\(id)")
      #expect(read.headers["traceparent"] == child.traceparent)
      let bad = try await producer.submit(#"{"kind":"test.noop","payload":{}}"#, ["traceparent": "00-zz"])
      #expect(bad.status == 202)
      let other = try #require(bad.json["id"].string)
      #expect(try producer.redis.command("HEXISTS", "wc:{test}:job:\(other)", "opts").int == 0)
    }
  }

  @Test("a job without a traceparent has a trace of its own all the same, which costs nothing in Redis")
  func ownTrace() async throws {
    try await withProducer { producer in
      var traces: Set<String> = []
      for _ in 0..<3 {
        let answer = try await producer.submit(#"{"kind":"test.noop","payload":{}}"#)
        let id = try #require(answer.json["id"].string)
        let trace = try #require(answer.headers["traceparent"].flatMap { TraceContext($0) }, "\(answer)")
        #expect(!trace.isSampled)
        #expect(try await producer.http.get("/api/v1/jobs/\(id)").headers["traceparent"] == trace.traceparent)
        #expect(try producer.redis.command("HEXISTS", "wc:{test}:job:\(id)", "opts").int == 0)
        traces.insert(trace.traceID)
      }
      #expect(traces.count == 3)
    }
  }

  @Test("a unique key that is held is 409 and names the holder, until the holder has ended")
  func unique() async throws {
    try await withProducer { producer in
      let body = #"{"kind":"test.noop","payload":{},"unique":{"key":"order-1","ttl":"1h"}}"#
      let holder = try await producer.submitted(body)
      let second = try await producer.submit(body)
      #expect(second.status == 409)
      #expect(second.slug == "duplicate-job")
      #expect(second.json["existing"].string == holder.text)
      #expect(second.headers["location"] == "/api/v1/jobs/\(holder.text)")
      try producer.worker().finish()
      #expect(try await producer.submit(body).status == 202)
      #expect(try producer.redis.command("KEYS", "*order-1*").elements.isEmpty)
    }
  }

  @Test("a full queue is 503 with Retry-After, other queues go on")
  func full() async throws {
    try await withProducer(["MAX_QUEUE_DEPTH": "1"]) { producer in
      #expect(try await producer.submit().status == 202)
      let answer = try await producer.submit()
      #expect(answer.status == 503)
      #expect(answer.slug == "queue-full")
      #expect(answer.headers["retry-after"] == "5")
      #expect(try await producer.submit(#"{"kind":"test.noop","payload":1,"queue":"b"}"#).status == 202)
    }
  }

  @Test("without a key private kinds are refused with what to set, others are taken")
  func withoutKey() async throws {
    try await withProducer(["PAYLOAD_KEY": ""]) { producer in
      let answer = try await producer.submit(#"{"kind":"memory.store","payload":{"user":"u"}}"#)
      #expect(answer.status == 503)
      #expect(answer.slug == "sealing-unavailable")
      #expect(answer.json["detail"].string?.contains("PAYLOAD_KEY") == true)
      #expect(try await producer.submit().status == 202)
    }
  }
}
