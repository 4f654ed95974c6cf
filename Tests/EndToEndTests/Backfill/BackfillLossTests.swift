import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("A backfill that is killed", .serialized)
  struct BackfillLossTests {
    @Test("200,000 lines, killed three times and resumed, are 200,000 jobs", .timeLimit(.minutes(10)))
    func killed() async throws {
      var random = SeededGenerator()
      let bench = try await BackfillBench()
      let count = 200_000
      let file = try bench.file(count)
      let checkpoint = file + ".backfill"
      let points = (0..<3).map { _ in Int.random(in: 1...(count * 9 / 10), using: &random) }.sorted()
      for (turn, point) in points.enumerated() {
        let child = try bench.start([file, "--connections", "3", "--batch", "700"] + (turn > 0 ? ["--resume"] : []))
        try await bench.reaches(point, checkpoint, child)
        child.kill()
      }
      let end = try await bench.backfill(file, "--resume", "--json")
      #expect(end.status == 0, "\(random), \(points): \(end)")
      let summary = try JSONTree(end.output)
      #expect(summary["accepted"].int == count && summary["rejected"].int == 0 && summary["lines"].int == count)
      #expect(try bench.inventory() == (count, count, count), "\(random), killed at \(points): \(end)")
      #expect(!bench.exists(checkpoint), "the checkpoint of a run that has ended is still there")
    }

    @Test("a producer that is killed and comes back costs a backfill nothing but time")
    func producerLost() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(30_000)
      let child = try bench.start([file, "--batch", "300"])
      for point in [3000, 15_000] {
        try await bench.reaches(point, file + ".backfill", child)
        bench.stack.producer?.kill()
        try await bench.stack.startProducer()
      }
      #expect(try await child.waitForExit(within: .seconds(120)) == .status(0), "\(child.tail)")
      #expect(try bench.inventory() == (30_000, 30_000, 30_000))
    }

    @Test("connections that break before, in and after a call double nothing")
    func connectionsCut() async throws {
      var random = SeededGenerator()
      let bench = try await BackfillBench()
      let file = try bench.file(20_000)
      let checkpoint = file + ".backfill"
      let proxy = try FaultProxy(to: .loopback(port: bench.stack.api.port))
      let child = try bench.start([file, "--batch", "200", "--json"], "--api", "http://127.0.0.1:\(proxy.port)")
      for point in [2000, 5000, 8000] {
        try await bench.reaches(point, checkpoint, child)
        proxy.cutAfterSending(bytes: Int.random(in: 1...9000, using: &random))
      }
      try await bench.reaches(11_000, checkpoint, child)
      proxy.cut()
      try await bench.reaches(13_000, checkpoint, child)
      // Calls that arrive and are answered, and whose answers are lost: their jobs are in, and the backfill cannot know.
      proxy.set(.holdReplies)
      try await eventually("a batch of each of the four connections is in and not noted") {
        let noted = try JSONTree(String(contentsOfFile: checkpoint, encoding: .utf8))["accepted"].int ?? 0
        return try bench.inventory().ready == noted + 800
      }
      proxy.cut()
      proxy.set(.forward)
      #expect(try await child.waitForExit(within: .seconds(120)) == .status(0), "\(random): \(child.tail)")
      let summary = try JSONTree(child.outputLines.joined())
      #expect(summary["accepted"].int == 20_000 && (summary["replayed"].int ?? 0) >= 200, "\(random): \(summary)")
      #expect(try bench.inventory() == (20_000, 20_000, 20_000), "\(random)")
    }

    @Test("a Redis that stands still or forgets its scripts costs nothing but time")
    func redisLost() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(20_000)
      let child = try bench.start([file, "--batch", "300"])
      try await bench.reaches(2000, file + ".backfill", child)
      bench.stack.redis.pause()
      // The producer answers 503 after two seconds; that is what the backfill must outlast.
      try await eventually(within: .seconds(20), "the producer notices") {
        try await bench.stack.api.get("/readyz", within: .seconds(10)).status == 503
      }
      bench.stack.redis.resume()
      try bench.stack.redis.command("SCRIPT", "FLUSH")
      #expect(try await child.waitForExit(within: .seconds(120)) == .status(0), "\(child.tail)")
      #expect(try bench.inventory() == (20_000, 20_000, 20_000))
    }

    @Test("a rate limit of the API is heeded: 429 is waited out as long as it says")
    func rateLimited() async throws {
      let bench = try await BackfillBench(environment: ["RATE_LIMIT": "20/1s"])
      let file = try bench.file(60)
      let end = try await bench.backfill(file, "--batch", "1", "--json")
      #expect(end.status == 0, "\(end)")
      #expect(try JSONTree(end.output)["replayed"].int == 0)
      #expect(try bench.inventory() == (60, 60, 60))
    }

    @Test("a full queue is waited for, line by line")
    func queueFull() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(50)
      try await limit(bench, "20")
      let refused = try await bench.backfill(file, "--retry-for", "1s", "--batch", "30")
      #expect(refused.status == 75 && refused.error.contains("--retry-for") && refused.error.contains("--resume"))
      #expect(try bench.inventory().ready == 20)
      try await limit(bench, "null")
      let end = try await bench.backfill(file, "--resume", "--json")
      #expect(end.status == 0, "\(end)")
      #expect(try JSONTree(end.output)["replayed"].int == 20)
      #expect(try bench.inventory() == (50, 50, 50))
    }

    private func limit(_ bench: BackfillBench, _ depth: String) async throws {
      let answer = try await bench.stack.api.request(
        "PATCH", "/api/v1/queues/test", ["Content-Type": "application/json"],
        body: Array(#"{"max_depth":\#(depth)}"#.utf8))
      try #require(answer.status == 200, "\(answer)")
    }

    @Test("nobody at the address: exit 69, and the same command works later")
    func nobody() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(10)
      bench.stack.producer?.kill()
      let lost = try await bench.backfill(file)
      #expect(lost.status == 69 && lost.error.contains("is the producer running there?"), "\(lost)")
      #expect(!bench.exists(file + ".backfill"))
      try await bench.stack.startProducer()
      #expect(try await bench.backfill(file).status == 0)
    }
  }
}
