import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Event streams") struct EventStreamTests {
  @Test("a job's stream tells what it is, each change, and the end")
  func job() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      let reader = try await EventReader(producer.http, "/api/v1/jobs/\(id)/events")
      #expect(reader.stream.status == 200 && reader.stream.headers["content-type"] == "text/event-stream")
      let first = try #require(try await reader.next())
      #expect(first.name == "job" && first["state"] == "ready")
      let worker = try producer.worker()
      let jobs = try worker.claim()
      let second = try #require(try await reader.next())
      #expect(second.name == "job" && second["state"] == "running" && second.id != first.id)
      try worker.settle(jobs, .success(Array(#"{"answer":42}"#.utf8)))
      let third = try #require(try await reader.next())
      #expect(third.data.contains(#""answer":42"#))
      let end = try #require(try await reader.next())
      #expect(end.name == "end" && end.id == third.id)
      #expect(try await reader.next() == nil)
      // A browser comes back with the last id: it is told to stay away.
      let again = try await producer.http.get("/api/v1/jobs/\(id)/events", ["Last-Event-ID": end.id ?? ""])
      #expect(again.status == 204)
    }
  }

  @Test("a job that has ended is told once, then its end")
  func ended() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      try producer.worker().finish()
      let answer = try await producer.http.get("/api/v1/jobs/\(id)/events")
      #expect(answer.status == 200)
      #expect(answer.text.contains("event: job\n") && answer.text.hasSuffix("event: end\ndata: {}\n\n"))
    }
  }

  @Test("the stream of everything tells all that happens after hello: of all queues, or of one, or of one state")
  func everything() async throws {
    try await withProducer { producer async throws in
      let all = try await EventReader(producer.http, "/api/v1/events")
      let ends = try await EventReader(producer.http, "/api/v1/events?queue=test&state=succeeded")
      let other = try await EventReader(producer.http, "/api/v1/events?queue=memory")
      for reader in [all, ends, other] { #expect(try await reader.next()?.name == "hello") }
      let id = try await producer.submitted()
      let worker = try producer.worker()
      try worker.settle(try worker.claim(), .success(Array("{}".utf8)))
      let told = try await all.next(2)
      #expect(told.map { $0["state"] } == ["running", "succeeded"])
      #expect(told.allSatisfy { $0.name == "job" && $0["id"] == id.text && $0["queue"] == "test" })
      #expect(Set(told.map(\.id)).count == 2)
      let end = try #require(try await ends.next())
      #expect(end["state"] == "succeeded" && end.id == told[1].id)
      let elsewhere = try await producer.submitted(#"{"kind":"test.noop","payload":{},"queue":"memory"}"#)
      _ = try worker.claim("memory")
      #expect(try await other.next()?["id"] == elsewhere.text)
    }
  }

  @Test("wrong filters and unknown jobs are refused")
  func refusals() async throws {
    try await withProducer { producer async throws in
      #expect(try await producer.http.get("/api/v1/events?colour=red").status == 400)
      #expect(try await producer.http.get("/api/v1/events?state=gone").status == 400)
      #expect(try await producer.http.get("/api/v1/jobs/test.01ARZ3NDEKTSV4RRFFQ69G5FAV/events").status == 404)
    }
  }

  @Test("the end of the process ends the streams")
  func shutdown() async throws {
    let producer = try await LiveProducer.start()
    let reader = try await EventReader(producer.http, "/api/v1/events")
    #expect(try await reader.next()?.name == "hello")
    await producer.stop()
    #expect(try await reader.next() == nil)
  }
}
