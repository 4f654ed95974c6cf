import Jobs
import TestSupport
import Testing

@Suite("Payload and history of a job") struct PayloadTests {
  @Test("a payload comes out byte for byte, with a tag")
  func plain() async throws {
    try await withProducer { producer async throws in
      let payload = #"{"message":"<b>\u0000é</b>","n":12345678901234567890, "x":[ ]}"#
      let id = try await producer.submitted(#"{"kind":"test.fail","payload":\#(payload)}"#)
      let link = try #require(try await producer.http.get("/api/v1/jobs/\(id)").json["links"]["payload"].string)
      let answer = try await producer.http.get(link)
      #expect(answer.status == 200 && answer.text == payload)
      #expect(try await producer.http.get(link, ["If-None-Match": answer.headers["etag"] ?? ""]).status == 304)
      #expect(try await producer.http.get(link + "?x=1").status == 400)
      #expect(try producer.redis.command("HDEL", "wc:{test}:job:\(id)", "payload").int == 1)
      let gone = try await producer.http.get(link)
      #expect(gone.status == 410 && gone.slug == "trimmed")
      let missing = try await producer.http.get("/api/v1/jobs/test.01ARZ3NDEKTSV4RRFFQ69G5FAV/payload")
      #expect(missing.status == 404 && missing.slug == "job-not-found")
    }
  }

  @Test("a private payload is not shown, and has no link, before and after its end")
  func sealed() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted(#"{"kind":"memory.recall","payload":{"user":"canary","memory_id":"m-1"}}"#)
      for isDone in [false, true] {
        if isDone { try producer.worker().cancel(id) }
        #expect(try await producer.http.get("/api/v1/jobs/\(id)").json["links"]["payload"] == .null)
        let answer = try await producer.http.get("/api/v1/jobs/\(id)/payload")
        #expect(answer.status == 409 && answer.slug == "payload-private" && !answer.text.contains("canary"))
      }
    }
  }

  @Test("an element pushed by hand is shown once a worker has told its kind")
  func element() async throws {
    try await withProducer { producer async throws in
      let element = #"{"kind":"test.noop", "payload": {"a": 1} }"#
      _ = try producer.redis.command("LPUSH", "wc:{test}:ready", element)
      let worker = try producer.worker()
      let jobs = try worker.claim()
      let path = "/api/v1/jobs/\(try #require(jobs.first).id)/payload"
      #expect(try await producer.http.get(path).slug == "payload-private")
      _ = try producer.redis.command("HSET", "wc:{test}:job:\(jobs[0].id)", "kind", "test.noop", "sealed", "0")
      #expect(try await producer.http.get(path).text == #"{"a": 1}"#)
      _ = try producer.redis.command("HSET", "wc:{test}:job:\(jobs[0].id)", "raw", "no \"JSON\"")
      #expect(try await producer.http.get(path).text == #""no \"JSON\"""#)
    }
  }

  @Test("what became of each delivery is told, in its order; lists leave it out")
  func history() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted(#"{"kind":"test.fail","payload":{"message":"x"}}"#)
      #expect(try await producer.http.get("/api/v1/jobs/\(id)").json["history"].elements.isEmpty)
      let worker = try producer.worker()
      try worker.settle(try worker.claim(), .release(afterMs: 0))
      try worker.settle(
        try worker.claim(), .dead(.permanent, error: "disk: \(String(repeating: "ä", count: 100))\nmore"))
      let job = try await producer.http.get("/api/v1/jobs/\(id)").json
      let history = job["history"].elements
      #expect(history.map { $0["outcome"].string } == ["released", "dead"])
      #expect(history.map { $0["delivery"].int } == [1, 2])
      #expect(history.allSatisfy { $0["worker"].string == worker.name && $0["started_at"].string != nil })
      #expect(history[0]["error"] == .null)
      // The first line, cut between two characters.
      let error = try #require(history[1]["error"].string)
      #expect(error.hasPrefix("disk: ää") && error.utf8.count <= 160 && error.utf8.count > 150)
      #expect(!error.contains("\u{FFFD}") && !error.contains("more"))
      let listed = try await producer.http.get("/api/v1/dead").json["jobs"].elements.first
      #expect(listed?["id"].string == id.text && listed?["history"] == .null)
    }
  }

  @Test("the mean wait of a minute is counted at the claim")
  func waits() async throws {
    try await withProducer { producer async throws in
      for _ in 0..<3 { _ = try await producer.submitted() }
      try producer.worker().finish()
      let history = try await producer.http.get("/api/v1/stats").json["history"].elements
      let waits = history.suffix(2).map { $0["wait_seconds"] }.filter { $0 != .null }
      #expect(!waits.isEmpty && waits.allSatisfy { $0.int == 0 || $0.seconds > 0 && $0.seconds < 60 })
      #expect(history.first?["wait_seconds"] == .null)
    }
  }
}

extension JSONTree {
  fileprivate var seconds: Double { if case .number(let value) = self { value } else { Double(int ?? -1) } }
}
