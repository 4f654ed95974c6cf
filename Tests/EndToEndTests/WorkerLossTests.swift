import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Losing workers", .serialized)
  struct WorkerLossTests {
    @Test("a killed worker's job runs again within 20 s and has one result")
    func kill() async throws {
      let stack = try await Stack()
      let id = try await stack.enqueue("test.sleep", #"{"ms":1500}"#)
      try await stack.reaches(id, "running")
      stack.workers[0].kill()
      try await stack.startWorker()
      try await stack.reaches(id, "running", deliveries: 2, within: .seconds(20))
      let job = try await stack.finished(id)
      #expect(job["state"].string == "succeeded" && job["deliveries"].int == 2 && job["attempts"].int == 1, "\(job)")
      #expect(try stack.hash(id)["losses"] == "1")
      #expect(try stack.counter("test", "succeeded") == 1)
      #expect(try stack.counter("test", "lost") == 1)
    }

    @Test("a worker that stood still past its lease changes nothing when it wakes")
    func zombie() async throws {
      let stack = try await Stack(.workers(1, ["LEASE": "2s"]))
      let sleeper = stack.workers[0]
      let id = try await stack.enqueue("test.sleep", #"{"ms":1000}"#)
      try await stack.reaches(id, "running")
      sleeper.pause()
      try await stack.startWorker()
      let job = try await stack.finished(id)
      #expect(job["state"].string == "succeeded" && job["deliveries"].int == 2, "\(job)")
      let before = try stack.hash(id)
      sleeper.resume()
      // Its ack comes late, or its next renewal tells it first that the lease is lost.
      try await eventually("the late ack was refused, or not sent") {
        try stack.counter("test", "late") >= 1 || sleeper.log.contains("lease")
      }
      #expect(try stack.hash(id) == before)
      #expect(try stack.counter("test", "succeeded") == 1)
      // It goes on as a worker.
      _ = try await stack.run("test.noop", "{}")
      #expect(sleeper.isRunning)
    }

    @Test("SIGTERM gives an unfinished job back at once, uncharged, and ends with status 0")
    func handBack() async throws {
      let stack = try await Stack(.workers(1, ["SHUTDOWN_TIMEOUT": "1s"]))
      let id = try await stack.enqueue("test.sleep", #"{"ms":60000}"#)
      try await stack.reaches(id, "running")
      stack.workers[0].terminate()
      #expect(try await stack.workers[0].waitForExit() == .status(0), "\(stack.workers[0].tail)")
      let hash = try stack.hash(id)
      #expect(hash["state"] == "ready" && hash["deliveries"] == "1", "\(hash)")
      #expect((hash["attempts"] ?? "0") == "0" && (hash["losses"] ?? "0") == "0", "\(hash)")
      #expect(try stack.redis.command("LLEN", "wc:{test}:ready").int == 1)
    }

    @Test("SIGTERM lets a short job finish")
    func drain() async throws {
      let stack = try await Stack()
      let id = try await stack.enqueue("test.sleep", #"{"ms":1000}"#)
      try await stack.reaches(id, "running")
      stack.workers[0].terminate()
      #expect(try await stack.workers[0].waitForExit() == .status(0), "\(stack.workers[0].tail)")
      #expect(try stack.hash(id)["state"] == "succeeded")
    }

    @Test("a job that takes its worker down three times is dead as poison")
    func poison() async throws {
      let stack = try await Stack(.workers(1, ["LEASE": "1s"]))
      let id = try await stack.enqueue("test.sleep", #"{"ms":60000}"#)
      for delivery in 1...3 {
        try await stack.reaches(id, "running", deliveries: delivery)
        stack.workers.last?.kill()
        if delivery < 3 { try await stack.startWorker() }
      }
      // The producer's reaper does it: no worker is left.
      let job = try await stack.finished(id)
      #expect(job["state"].string == "dead" && job["deliveries"].int == 3, "\(job)")
      #expect(try stack.hash(id)["reason"] == "poison")
    }

    @Test("workers are killed in turn under 300 jobs: each succeeds once, none is lost")
    func killsUnderLoad() async throws {
      let stack = try await Stack(.workers(2, ["LEASE": "2s"]))
      var ids: Set<String> = []
      for _ in 0..<300 { ids.insert(try await stack.enqueue("test.sleep", #"{"ms":20}"#)) }
      for victim in 0..<2 {
        try await eventually("some jobs have succeeded") { try stack.counter("test", "succeeded") > 30 * (victim + 1) }
        stack.workers[victim].kill()
        try await stack.startWorker()
      }
      try await eventually(within: .seconds(60), "all have ended") {
        try stack.redis.command("ZCARD", "wc:{test}:done").int == 300
      }
      #expect(try stack.counter("test", "succeeded") == 300)
      let done = try stack.redis.command("ZRANGE", "wc:{test}:done", "0", "-1").elements.compactMap(\.text)
      #expect(Set(done) == ids)
    }
  }
}
