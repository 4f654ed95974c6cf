import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("GET /api/v1/jobs/{id}/result")
struct ResultTests {
  @Test("a result is handed out byte for byte, with a tag")
  func result() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      let text = #"{ "big":123456789012345678901234567890, "e":1e400, "t":"\u0041" }"#
      try producer.worker().finish("test", .success(Array(text.utf8)))
      let path = "/api/v1/jobs/\(id)/result"
      let answer = try await producer.http.get(path)
      #expect(answer.status == 200)
      #expect(answer.text == text)
      #expect(answer.headers["content-type"] == "application/json")
      let tag = try #require(answer.headers["etag"])
      let again = try await producer.http.get(path, ["If-None-Match": tag])
      #expect(again.status == 304)
      #expect(again.body.isEmpty)
      let job = try await producer.http.get("/api/v1/jobs/\(id)")
      #expect(job.text.contains(#""result":\#(text)"#))
    }
  }

  @Test("no result yet is 409 and says the state")
  func notFinished() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      let answer = try await producer.http.get("/api/v1/jobs/\(id)/result")
      #expect(answer.status == 409)
      #expect(answer.slug == "job-not-finished")
      #expect(answer.json["state"].string == "ready")
      #expect(answer.headers["retry-after"] == "1")
    }
  }

  @Test("a job that failed or was cancelled has no result: 409 and why")
  func failed() async throws {
    try await withProducer { producer in
      let dead = try await producer.submitted()
      let worker = try producer.worker()
      try worker.settle(try worker.claim(), .dead(.exhausted, error: "five times"))
      let answer = try await producer.http.get("/api/v1/jobs/\(dead)/result")
      #expect(answer.status == 409)
      #expect(answer.slug == "job-failed")
      #expect(answer.json["detail"].string == "five times")
      #expect(answer.json["reason"].string == "exhausted")
      let cancelled = try await producer.submitted()
      try worker.cancel(cancelled)
      let other = try await producer.http.get("/api/v1/jobs/\(cancelled)/result")
      #expect(other.slug == "job-failed")
      #expect(other.json["state"].string == "cancelled")
      let job = try await producer.http.get("/api/v1/jobs/\(cancelled)")
      #expect(job.json["error"]["reason"].string == "cancelled")
      #expect(job.json["done"].bool == true)
    }
  }

  @Test("a result that was deleted is 410, a job that was deleted 404")
  func trimmed() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      try producer.worker().finish()
      try producer.redis.command("HDEL", "wc:{test}:job:\(id)", "result")
      let gone = try await producer.http.get("/api/v1/jobs/\(id)/result")
      #expect(gone.status == 410)
      #expect(gone.slug == "trimmed")
      #expect(try await producer.http.get("/api/v1/jobs/\(id)").json["error"]["reason"].string == "trimmed")
      try producer.redis.command("DEL", "wc:{test}:job:\(id)")
      #expect(try await producer.http.get("/api/v1/jobs/\(id)/result").status == 404)
      #expect(try await producer.http.get("/api/v1/jobs/\(id)").status == 404)
    }
  }

  @Test("a hash that somebody spoilt is shown as far as it can be read, as valid JSON")
  func spoilt() async throws {
    try await withProducer { producer in
      let id = "test.01K9ZV3T7Q8M4N5P6R7S8T9V0W"
      try producer.redis.command(
        "HSET", "wc:{test}:job:\(id)", "state", "exploded", "attempts", "many", "progress", "{", "created_ms", "x")
      let answer = try await producer.http.get("/api/v1/jobs/\(id)")
      #expect(answer.status == 200)
      #expect(answer.json["state"] == .null)
      #expect(answer.json["progress"].string == "{")
      #expect(answer.json["attempts"].int == 0)
      #expect(try await producer.http.get("/api/v1/jobs/\(id)/result").status == 409)
    }
  }
}
