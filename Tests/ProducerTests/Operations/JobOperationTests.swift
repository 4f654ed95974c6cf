import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Cancel, retry and delete") struct JobOperationTests {
  private static let later = #"{"kind":"test.noop","payload":{},"delay":"1h"}"#

  @Test("a waiting job is cancelled at once, also twice")
  func cancelWaiting() async throws {
    try await withProducer { producer async throws in
      for json in [#"{"kind":"test.noop","payload":{}}"#, Self.later] {
        let id = try await producer.submitted(json)
        for _ in 0..<2 {
          let answer = try await producer.http.request("POST", "/api/v1/jobs/\(id)/cancel")
          #expect(answer.status == 200)
          #expect(answer.json["state"].string == "cancelled" && answer.json["done"].bool == true)
          #expect(answer.json["error"]["reason"].string == "cancelled")
        }
      }
    }
  }

  @Test("a running job is asked to stop: 202 until its worker has")
  func cancelRunning() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      let worker = try producer.worker()
      let jobs = try worker.claim()
      let answer = try await producer.http.request("POST", "/api/v1/jobs/\(id)/cancel")
      #expect(answer.status == 202 && answer.json["state"].string == "running")
      #expect(answer.headers["retry-after"] == "1")
      try worker.settle(jobs, .cancelled)
      #expect(try await producer.http.get("/api/v1/jobs/\(id)").json["state"].string == "cancelled")
    }
  }

  @Test("a job that has ended is neither cancelled nor run again when it succeeded")
  func ended() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      try producer.worker().finish()
      for verb in ["cancel", "retry"] {
        let answer = try await producer.http.request("POST", "/api/v1/jobs/\(id)/\(verb)")
        #expect(answer.status == 409 && answer.slug == "state-conflict")
        #expect(answer.json["state"].string == "succeeded")
      }
    }
  }

  @Test("dead, cancelled and waiting jobs run again")
  func retry() async throws {
    try await withProducer { producer async throws in
      let worker = try producer.worker()
      let dead = try await producer.submitted()
      try worker.finish("test", .dead(.permanent, error: "broken"))
      let cancelled = try await producer.submitted()
      _ = try await producer.http.request("POST", "/api/v1/jobs/\(cancelled)/cancel")
      let scheduled = try await producer.submitted(Self.later)
      for id in [dead, cancelled, scheduled] {
        #expect(
          try await producer.http.get("/api/v1/jobs/\(id)").json["links"]["retry"].string == "/api/v1/jobs/\(id)/retry")
        let answer = try await producer.http.request("POST", "/api/v1/jobs/\(id)/retry")
        #expect(answer.status == 202 && answer.json["state"].string == "ready", "\(answer)")
        #expect(answer.headers["location"] == "/api/v1/jobs/\(id)")
      }
      #expect(Set(try worker.claim().map(\.id)) == [dead, cancelled, scheduled])
    }
  }

  @Test("a sealed job's payload went with its end: it cannot run again")
  func sealed() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted(#"{"kind":"memory.recall","payload":{"user":"u","memory_id":"m"}}"#)
      _ = try await producer.http.request("POST", "/api/v1/jobs/\(id)/cancel")
      let answer = try await producer.http.request("POST", "/api/v1/jobs/\(id)/retry")
      #expect(answer.status == 409 && answer.slug == "state-conflict")
      #expect(answer.json["detail"].string?.contains("submit it anew") == true)
    }
  }

  @Test("only a job that has ended is deleted, and then it is gone")
  func delete() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      let early = try await producer.http.request("DELETE", "/api/v1/jobs/\(id)")
      #expect(early.status == 409 && early.slug == "state-conflict" && early.json["state"].string == "ready")
      try producer.worker().finish()
      let answer = try await producer.http.request("DELETE", "/api/v1/jobs/\(id)")
      #expect(answer.status == 204 && answer.text.isEmpty)
      #expect(try await producer.http.get("/api/v1/jobs/\(id)").status == 404)
      #expect(try await producer.http.request("DELETE", "/api/v1/jobs/\(id)").status == 404)
    }
  }

  @Test("unknown ids are 404, a lost Redis 503", arguments: ["POST cancel", "POST retry", "DELETE "])
  func trouble(call: String) async throws {
    let words = call.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let end = words[1].isEmpty ? "" : "/" + words[1]
    try await withProducer { producer async throws in
      for id in ["test.01ARZ3NDEKTSV4RRFFQ69G5FAV", "nonsense", "a.b.c"] {
        let answer = try await producer.http.request(words[0], "/api/v1/jobs/\(id)\(end)")
        #expect(answer.status == 404 && answer.slug == "job-not-found")
      }
      let known = try await producer.submitted()
      #expect(try await producer.http.request(words[0], "/api/v1/jobs/\(known)\(end)?x=1").status == 400)
      producer.redis.kill()
      let answer = try await producer.http.request(words[0], "/api/v1/jobs/\(known)\(end)")
      #expect(answer.status == 503 && answer.slug == "store-unavailable")
    }
  }
}
