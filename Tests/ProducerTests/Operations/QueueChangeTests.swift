import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Changes of a queue") struct QueueChangeTests {
  @Test("pause keeps workers from claiming and says why; resume ends it")
  func pause() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      let paused = try await producer.http.post("/api/v1/queues/test/pause", json: #"{"reason":"deploy"}"#)
      #expect(paused.status == 200 && paused.json["paused"].bool == true)
      #expect(paused.json["paused_reason"].string == "deploy" && paused.json["paused_at"].string != nil)
      let worker = try producer.worker()
      #expect(try worker.claim().isEmpty)
      let resumed = try await producer.http.request("POST", "/api/v1/queues/test/resume")
      #expect(
        resumed.status == 200 && resumed.json["paused"].bool == false && resumed.json["paused_reason"].string == nil)
      #expect(try worker.claim().map(\.id) == [id])
    }
  }

  @Test("a pause needs no reason, and a wrong one is named")
  func reasons() async throws {
    try await withProducer { producer async throws in
      #expect(try await producer.http.request("POST", "/api/v1/queues/test/pause").json["paused"].bool == true)
      for (json, pointer) in [(#"{"reason":1}"#, "/reason"), (#"{"why":"x"}"#, "/why"), ("[]", "")] {
        let answer = try await producer.http.post("/api/v1/queues/test/pause", json: json)
        #expect(answer.status == 422 && answer.pointers == [pointer], "\(answer)")
      }
    }
  }

  @Test("settings are changed, and taken back by null")
  func settings() async throws {
    try await withProducer { producer async throws in
      func patch(_ json: String) async throws -> PlainHTTP.Answer {
        try await producer.http.request(
          "PATCH", "/api/v1/queues/test", ["Content-Type": "application/merge-patch+json"], body: Array(json.utf8))
      }
      let set = try await patch(#"{"lease_ms":5e3,"max_attempts":2.0,"max_depth":1}"#)
      #expect(set.status == 200)
      #expect(set.json["config"]["lease_ms"].int == 5000 && set.json["config"]["max_attempts"].int == 2)
      #expect(set.json["config"]["max_depth"].int == 1)
      _ = try await producer.submitted()
      #expect(try await producer.submit().slug == "queue-full")
      let back = try await patch(#"{"max_depth":null}"#)
      #expect(back.json["config"]["max_depth"].int == nil && back.json["config"]["lease_ms"].int == 5000)
      _ = try await producer.submitted()
    }
  }

  @Test(
    "a setting that is wrong changes nothing",
    arguments: [
      (#"{"lease_ms":1}"#, "/lease_ms"), (#"{"max_attempts":0}"#, "/max_attempts"),
      (#"{"max_attempts":1.5}"#, "/max_attempts"),
      (#"{"max_depth":"1"}"#, "/max_depth"), (#"{"depth":1,"lease_ms":5000}"#, "/depth"), ("3", ""),
    ])
  func wrongSettings(json: String, pointer: String) async throws {
    try await withProducer { producer async throws in
      let answer = try await producer.http.request(
        "PATCH", "/api/v1/queues/test", ["Content-Type": "application/json"], body: Array(json.utf8))
      #expect(answer.status == 422 && answer.slug == "invalid-setting" && answer.pointers == [pointer], "\(answer)")
      #expect(try await producer.http.get("/api/v1/queues/test").json["config"]["lease_ms"].int == nil)
    }
  }

  @Test("unknown queues are 404, another content type 415, a lost Redis 503")
  func trouble() async throws {
    try await withProducer { producer async throws in
      for path in ["/api/v1/queues/nothing/pause", "/api/v1/queues/nothing/resume", "/api/v1/queues/A/pause"] {
        #expect(try await producer.http.request("POST", path).slug == "queue-not-found")
      }
      let text = try await producer.http.request(
        "PATCH", "/api/v1/queues/test", ["Content-Type": "text/plain"], body: Array("{}".utf8))
      #expect(text.status == 415)
      producer.redis.kill()
      #expect(try await producer.http.request("POST", "/api/v1/queues/test/pause").status == 503)
    }
  }
}
