import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Event streams") struct EventStreamTests {
  /// One event of a stream.
  private struct Event: Equatable {
    var id: String?
    var name: String?
    var data = ""
  }

  /// The next event; comments are passed over. nil at the end of the stream.
  private static func next(_ stream: PlainHTTP.Stream) async throws -> Event? {
    var event = Event()
    while let line = try await stream.nextLine() {
      if line.isEmpty {
        if event.name != nil || !event.data.isEmpty { return event }
      } else if line.hasPrefix("id: ") {
        event.id = String(line.dropFirst(4))
      } else if line.hasPrefix("event: ") {
        event.name = String(line.dropFirst(7))
      } else if line.hasPrefix("data: ") {
        event.data += line.dropFirst(6)
      }
    }
    return nil
  }

  @Test("a job's stream tells what it is, each change, and the end")
  func job() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      let stream = try await producer.http.open("/api/v1/jobs/\(id)/events")
      #expect(stream.status == 200 && stream.headers["content-type"] == "text/event-stream")
      let first = try #require(try await Self.next(stream))
      #expect(first.name == "job" && first.data.contains(#""state":"ready""#))
      let worker = try producer.worker()
      let jobs = try worker.claim()
      let second = try #require(try await Self.next(stream))
      #expect(second.name == "job" && second.data.contains(#""state":"running""#) && second.id != first.id)
      try worker.settle(jobs, .success(Array(#"{"answer":42}"#.utf8)))
      let third = try #require(try await Self.next(stream))
      #expect(third.data.contains(#""answer":42"#))
      let end = try #require(try await Self.next(stream))
      #expect(end.name == "end" && end.id == third.id)
      #expect(try await Self.next(stream) == nil)
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

  @Test("the stream of everything tells of all queues, or of one, or of one state")
  func everything() async throws {
    try await withProducer { producer async throws in
      let all = try await producer.http.open("/api/v1/events")
      let ends = try await producer.http.open("/api/v1/events?queue=test&state=succeeded")
      #expect(try await Self.next(all)?.name == "hello")
      #expect(try await Self.next(ends)?.name == "hello")
      // Redis confirms the subscription some time after the greeting: changes are made until they are heard.
      let id = try await producer.submitted()
      let worker = try producer.worker()
      let jobs = try worker.claim()
      try worker.settle(jobs, .success(Array("{}".utf8)))
      var states: [String] = []
      while states.last != "succeeded" {
        let event = try #require(try await Self.next(all))
        #expect(event.name == "job" && event.data.contains(id.text))
        states.append(event.data.contains("succeeded") ? "succeeded" : "running")
      }
      #expect(states == ["running", "succeeded"])
      let end = try #require(try await Self.next(ends))
      #expect(end.data.contains(#""state":"succeeded""#))
    }
  }

  @Test("a reader that returns is told to read anew; wrong filters and unknown jobs are refused")
  func others() async throws {
    try await withProducer { producer async throws in
      let stream = try await producer.http.open("/api/v1/events", ["Last-Event-ID": "0"])
      #expect(try await Self.next(stream)?.name == "reset")
      #expect(try await producer.http.get("/api/v1/events?colour=red").status == 400)
      #expect(try await producer.http.get("/api/v1/events?state=gone").status == 400)
      #expect(try await producer.http.get("/api/v1/jobs/test.01ARZ3NDEKTSV4RRFFQ69G5FAV/events").status == 404)
    }
  }

  @Test("the end of the process ends the streams")
  func shutdown() async throws {
    let producer = try await LiveProducer.start()
    let stream = try await producer.http.open("/api/v1/events")
    #expect(try await Self.next(stream)?.name == "hello")
    await producer.stop()
    #expect(try await Self.next(stream) == nil)
  }
}
