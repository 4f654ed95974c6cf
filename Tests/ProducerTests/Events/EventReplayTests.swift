import Jobs
import TestSupport
import Testing

@testable import Producer

/// Readers whose connection is cut under them, over real sockets.
@Suite("Readers that come back") struct EventReplayTests {
  /// Runs a test with a producer behind a proxy that cuts connections; the producer itself is reached past it.
  private func withCuts(_ body: (LiveProducer, PlainHTTP, FaultProxy) async throws -> Void) async throws {
    try await withProducer { producer async throws in
      let proxy = try FaultProxy(to: .loopback(port: producer.http.port))
      try await body(producer, PlainHTTP(port: proxy.port), proxy)
    }
  }

  /// Runs a job from its submission to its success: two changes that streams tell.
  private static func runOne(_ producer: LiveProducer, _ worker: ScriptWorker) async throws -> JobID {
    let id = try await producer.submitted()
    try worker.settle(try worker.claim(), .success(Array("{}".utf8)))
    return id
  }

  /// Cuts a reader off and waits until it knows.
  private static func cut(_ reader: EventReader, _ proxy: FaultProxy) async throws {
    proxy.cut()
    await #expect(throws: SupportError.self) {
      if try await reader.next() == nil { throw SupportError("the stream ended") }
    }
  }

  @Test("get every change that they missed, once and in order, and then go on")
  func missed() async throws {
    try await withCuts { producer, cuttable, proxy async throws in
      let worker = try producer.worker()
      let reader = try await EventReader(cuttable, "/api/v1/events")
      #expect(try await reader.next()?.name == "hello")
      let first = try await Self.runOne(producer, worker)
      let seen = try await reader.next(2)
      try await Self.cut(reader, proxy)
      let second = try await Self.runOne(producer, worker)
      let third = try await Self.runOne(producer, worker)
      let back = try await EventReader(cuttable, "/api/v1/events", after: seen[0].id)
      let hello = try #require(try await back.next())
      #expect(hello.name == "hello" && hello.id == nil)
      let told = try await back.next(5)
      #expect(told[0] == seen[1])
      #expect(told.map { $0["id"] } == [first, second, second, third, third].map(\.text))
      #expect(told.map { $0["state"] } == ["succeeded", "running", "succeeded", "running", "succeeded"])
      let fourth = try await Self.runOne(producer, worker)
      #expect(try await back.next(2).map { $0["id"] } == [fourth.text, fourth.text])
    }
  }

  @Test("with the id of hello alone get everything since")
  func greeting() async throws {
    try await withCuts { producer, cuttable, proxy async throws in
      let reader = try await EventReader(cuttable, "/api/v1/events?state=succeeded")
      let hello = try #require(try await reader.next())
      try await Self.cut(reader, proxy)
      let id = try await Self.runOne(producer, try producer.worker())
      let back = try await EventReader(cuttable, "/api/v1/events?state=succeeded", after: hello.id)
      #expect(try await back.next()?.name == "hello")
      let event = try #require(try await back.next())
      #expect(event["id"] == id.text && event["state"] == "succeeded")
    }
  }

  @Test(
    "with an id that is not this process' own are told to read anew",
    arguments: ["0", "", "sha256-00", "0000000000000000-1", "0000000000000000-99999999999999999999"])
  func foreign(_ id: String) async throws {
    try await withProducer { producer async throws in
      let reader = try await EventReader(producer.http, "/api/v1/events", after: id)
      let reset = try #require(try await reader.next())
      #expect(reset.name == "reset" && EventPosition(reset.id ?? "") != nil)
      // From there on nothing is missing.
      let job = try await Self.runOne(producer, try producer.worker())
      let back = try await EventReader(producer.http, "/api/v1/events", after: reset.id)
      #expect(try await back.next()?.name == "hello")
      #expect(try await back.next(2).map { $0["id"] } == [job.text, job.text])
    }
  }

  @Test("from before Redis was lost are told to read anew, as are those who look on")
  func redisLoss() async throws {
    try await withProducer { producer async throws in
      let reader = try await EventReader(producer.http, "/api/v1/events")
      let hello = try #require(try await reader.next())
      try producer.redis.command("CLIENT", "KILL", "TYPE", "PUBSUB")
      #expect(try await reader.next()?.name == "reset")
      let back = try await EventReader(producer.http, "/api/v1/events", after: hello.id)
      #expect(try await back.next()?.name == "reset")
    }
  }

  @Test("to one job get it as it is first, then what they missed of it alone, then its changes and its end")
  func oneJob() async throws {
    try await withCuts { producer, cuttable, proxy async throws in
      let id = try await producer.submitted()
      let other = try await producer.submitted()
      let path = "/api/v1/jobs/\(id)/events"
      let worker = try producer.worker()
      let reader = try await EventReader(cuttable, path)
      #expect(try await reader.next()?["state"] == "ready")
      let jobs = try worker.claim()
      let running = try #require(try await reader.next())
      try await Self.cut(reader, proxy)
      try worker.settle(jobs, .retry(afterMs: 60_000, error: "again"))
      let back = try await EventReader(cuttable, path, after: running.id)
      let now = try #require(try await back.next())
      #expect(now.name == "job" && now["state"] == "retrying")
      let missed = try #require(try await back.next())
      #expect(missed.name == "missed" && missed["state"] == "retrying" && missed["id"] == id.text)
      #expect(try await producer.http.post("/api/v1/jobs/\(id)/cancel", json: "{}").status == 200)
      let last = try await back.next(2)
      #expect(last.map(\.name) == ["job", "end"] && last[0]["state"] == "cancelled")
      #expect(try await producer.http.get(path, ["Last-Event-ID": last[1].id ?? ""]).status == 204)
      #expect(try await producer.http.get("/api/v1/jobs/\(other)").status == 200)
      // Whoever missed the end is told of it, and not sent away.
      let late = try await EventReader(cuttable, path, after: running.id)
      #expect(try await late.next(4).map(\.name) == ["job", "missed", "missed", "end"])
    }
  }

  @Test("to one job with an id of another process get the job, and reset")
  func oneJobForeign() async throws {
    try await withProducer { producer async throws in
      let id = try await producer.submitted()
      let foreign = EventPosition(epoch: 1, number: 1)
      for known in ["\(foreign).sha256-00", "sha256-00", "x"] {
        let reader = try await EventReader(producer.http, "/api/v1/jobs/\(id)/events", after: known)
        #expect(try await reader.next(2).map(\.name) == ["job", "reset"])
      }
    }
  }
}
