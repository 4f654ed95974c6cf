import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("The results of a backfill", .serialized)
  struct BackfillResultTests {
    @Test("each job's end is written once, also those that fail or wait")
    func results() async throws {
      let bench = try await BackfillBench(workers: 1)
      let others = [
        5: #"{"kind":"test.fail","payload":{"message":"no disk"},"max_attempts":1}"#,
        6: #"{"kind":"test.fail","payload":{"message":"once","times":1},"backoff":{"base":"10ms","max":"10ms"}}"#,
        7: #"{"kind":"test.noop","payload":{},"delay":"2s"}"#, 8: #"{"kind":"test.none","payload":{}}"#,
      ]
      let file = try bench.file(600, others: others)
      let results = bench.folder.file("results")
      let end = try await bench.backfill(file, "--wait", results, "--window", "100", "--json")
      #expect(end.status == 3, "\(end)")
      let summary = try JSONTree(end.output)
      #expect(summary["results"]["succeeded"].int == 598 && summary["results"]["others"].int == 1)
      #expect(summary["results"]["open"].int == 0 && summary["rejected"].int == 1)
      let lines = try bench.lines(of: results)
      #expect(Set(lines.compactMap { $0["line"].int }) == Set(1...600).subtracting([8]) && lines.count == 599)
      let dead = try #require(lines.first { $0["line"].int == 5 })
      #expect(dead["state"].string == "dead" && dead["error"]["message"].string?.contains("no disk") == true, "\(dead)")
      let noop = try #require(lines.first { $0["line"].int == 1 })
      #expect(noop["state"].string == "succeeded" && noop["result"].members.isEmpty)
      #expect(try await bench.stack.job(#require(noop["id"].string))["state"].string == "succeeded")
      #expect(!bench.exists(file + ".backfill") && !bench.exists(file + ".backfill.ids"))
    }

    @Test("killed while it collects, it goes on and has each result once", .timeLimit(.minutes(5)))
    func killed() async throws {
      var random = SeededGenerator()
      let bench = try await BackfillBench(workers: 1)
      // So many that the last of the three is not through before it is killed.
      let count = 30_000
      let file = try bench.file(count)
      let results = bench.folder.file("results")
      func written() -> Int {
        (FileManager.default.contents(atPath: results) ?? Data()).count { $0 == UInt8(ascii: "\n") }
      }
      for turn in 0..<3 {
        let point = (turn * 2 + 1) * count / 7 + Int.random(in: 0...(count / 14), using: &random)
        let arguments = [file, "--wait", results, "--window", "500", "--batch", "100"]
        let child = try bench.start(arguments + (turn > 0 ? ["--resume"] : []))
        try await eventually(within: .seconds(120), "\(point) results are written") {
          written() >= point || !child.isRunning
        }
        #expect(child.isRunning, "\(random): \(child.tail)")
        child.kill()
      }
      let end = try await bench.backfill(file, "--wait", results, "--window", "500", "--resume", "--json")
      #expect(end.status == 0, "\(random): \(end)")
      let lines = try bench.lines(of: results)
      #expect(lines.count == count && Set(lines.compactMap { $0["line"].int }).count == count, "\(random)")
      #expect(Set(lines.compactMap { $0["id"].string }).count == count, "\(random)")
      #expect(lines.allSatisfy { $0["state"].string == "succeeded" }, "\(random)")
    }

    @Test("no more jobs are open than the window has room for, and no more are ready than the backlog may hold")
    func bounds() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(1000)
      let child = try bench.start([file, "--max-backlog", "100", "--batch", "1000"])
      try await eventually("the backlog is full") { try bench.inventory().ready == 100 }
      try bench.stack.redis.command("LTRIM", "wc:{test}:ready", "0", "49")
      try await eventually("it is filled again, and no further") {
        let ready = try bench.inventory().ready
        #expect(ready <= 100)
        return ready == 100
      }
      child.signal(SIGINT)
      #expect(try await child.waitForExit() == .status(130))
      #expect(try bench.inventory().ready <= 100)
      let window = try bench.start(
        [file, "--checkpoint", bench.folder.file("c"), "--wait", bench.folder.file("r"), "--window", "40"])
      let before = try bench.inventory().ready
      try await eventually("the window is full") { try bench.inventory().ready == before + 40 }
      window.signal(SIGINT)
      #expect(try await window.waitForExit() == .status(130))
      #expect(try bench.inventory().ready == before + 40)
    }

    @Test("a rate is kept: what takes three seconds does not take less")
    func rate() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(400)
      let clock = ContinuousClock()
      let began = clock.now
      #expect(try await bench.backfill(file, "--rate", "100").status == 0)
      // 25 go at once, the other 375 at 100 a second.
      #expect(clock.now - began >= .milliseconds(3700))
      #expect(try bench.inventory().ready == 400)
    }
  }
}
