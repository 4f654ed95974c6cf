import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("What a backfill refuses", .serialized)
  struct BackfillRefusalTests {
    @Test("refused lines are written with their problem and what they were; the rest goes in")
    func rejects() async throws {
      let bench = try await BackfillBench()
      let others = [
        3: "not JSON", 4: "", 9: #"{"kind":"test.noop"}"#, 10: #"{"kind":"test.noop","payload":{"n":10},"ref":"x"}"#,
        11: #"{"kind":"test.noop","payload":{},"wen":1}"#,
      ]
      let file = try bench.file(20, others: others)
      let rejects = bench.folder.file("refused")
      let end = try await bench.backfill(file, "--rejects", rejects, "--batch", "4", "--json")
      #expect(end.status == 3, "\(end)")
      let summary = try JSONTree(end.output)
      #expect(summary["accepted"].int == 16 && summary["rejected"].int == 3 && summary["complete"].bool == true)
      let lines = try bench.lines(of: rejects)
      #expect(lines.map { $0["line"].int } == [3, 9, 11])
      #expect(lines.map { $0["input"].string } == [others[3], others[9], others[11]])
      #expect(lines.map { $0["status"].int } == [400, 422, 422])
      #expect(lines[1]["error"]["errors"][0]["pointer"].string == "/payload")
      #expect(try bench.inventory().ready == 16)
      let dry = try await bench.backfill(file, "--dry-run", "--json", "--rejects", bench.folder.file("dry"))
      #expect(dry.status == 3 && dry.output == #"{"dry_run":true,"valid":16,"rejected":3}"#, "\(dry)")
      #expect(try bench.lines(of: bench.folder.file("dry")).map { $0["line"].int } == [3, 9, 11])
      #expect(try bench.inventory().ready == 16)
    }

    @Test("a line's own idempotency key is kept")
    func ownKey() async throws {
      let bench = try await BackfillBench()
      let line = #"{"kind":"test.noop","payload":{"n":1},"idempotency_key":"mine"}"#
      let file = try bench.file(2, others: [1: line, 2: line])
      let end = try await bench.backfill(file, "--json")
      #expect(try JSONTree(end.output)["replayed"].int == 1, "\(end)")
      #expect(try bench.inventory() == (1, 1, 1))
    }

    @Test("a CSV file becomes payloads; rows that make none are refused")
    func csv() async throws {
      let bench = try await BackfillBench()
      let table = "\u{FEFF}n:number,text,list:json\r\n1,\"a, \"\"b\"\"\r\nc\",[1]\r\n\r\nx,,\r\n2,,\r\n3\r\n"
      let file = try bench.folder.write(table, to: "table.csv")
      let rejects = bench.folder.file("refused")
      let end = try await bench.backfill(file, "--kind", "test.noop", "--queue", "test", "--rejects", rejects)
      #expect(end.status == 3, "\(end)")
      let lines = try bench.lines(of: rejects)
      #expect(
        lines.map { $0["line"].int } == [5, 7] && lines[0]["error"]["errors"][0]["pointer"].string == "/payload/n")
      let ids = try bench.stack.redis.command("LRANGE", "wc:{test}:ready", "0", "-1").elements.compactMap(\.text)
      let payloads = try ids.compactMap { try bench.stack.hash($0)["payload"] }
      #expect(payloads.sorted() == [#"{"n":1,"text":"a, \"b\"\r\nc","list":[1]}"#, #"{"n":2,"text":""}"#])
    }

    /// A file of which the first lines are in, and its checkpoint.
    private func halfDone(_ bench: BackfillBench) async throws -> (file: String, checkpoint: String) {
      let file = try bench.file(9000)
      let child = try bench.start([file, "--rate", "3000"])
      try await bench.reaches(700, file + ".backfill", child)
      // In order, so that nothing goes in later that was under way.
      child.signal(SIGINT)
      #expect(try await child.waitForExit() == .status(130), "\(child.tail)")
      return (file, file + ".backfill")
    }

    @Test("a checkpoint that is there is refused with the two choices, a missing one by name")
    func checkpoints() async throws {
      let bench = try await BackfillBench()
      let (file, checkpoint) = try await halfDone(bench)
      let before = try bench.inventory().ready
      let again = try await bench.backfill(file)
      #expect(again.status == 2 && again.error.contains("--resume") && again.error.contains("delete it"), "\(again)")
      let missing = try await bench.backfill(file, "--resume", "--checkpoint", bench.folder.file("none"))
      #expect(missing.status == 4 && missing.error.contains("there is no checkpoint"), "\(missing)")
      let kept = try String(contentsOfFile: checkpoint, encoding: .utf8)
      try bench.folder.write(String(kept.dropLast(20)), to: "cut")
      let cut = try await bench.backfill(file, "--resume", "--checkpoint", bench.folder.file("cut"))
      #expect(cut.status == 1 && cut.error.contains("no checkpoint of a backfill"), "\(cut)")
      let full = try bench.folder.write("x", to: "holds-something")
      #expect(try await bench.backfill(file, "--rejects", full, "--checkpoint", bench.folder.file("c")).status == 2)
      #expect(try bench.inventory().ready == before)
    }

    @Test("another input is refused: another size, beginning, or another text before the place")
    func otherInput() async throws {
      let bench = try await BackfillBench()
      let (file, checkpoint) = try await halfDone(bench)
      let before = try bench.inventory().ready
      let whole = try String(contentsOfFile: file, encoding: .utf8)
      let offset = try #require(try JSONTree(String(contentsOfFile: checkpoint, encoding: .utf8))["offset"].int)
      func resumed(_ text: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try bench.folder.write(text, to: "jobs.ndjson")
        let result = try await bench.backfill(file, "--resume")
        #expect(result.status == 1 && result.error.contains(words), "\(result)", sourceLocation: sourceLocation)
      }
      try await resumed(whole + "{}\n", "bytes and had")
      try await resumed("[" + whole.dropFirst(), "begins otherwise")
      var bytes = Array(whole.utf8)
      bytes[offset - 3] = UInt8(ascii: "0")
      let expected = offset <= 65_536 ? "begins otherwise" : "has changed"
      try await resumed(String(decoding: bytes, as: UTF8.self), expected)
      #expect(try bench.inventory().ready == before)
      try bench.folder.write(whole, to: "jobs.ndjson")
      let kind = try await bench.backfill(file, "--resume", "--rejects", bench.folder.file("r"))
      #expect(kind.status == 1 && kind.error.contains("without --rejects"), "\(kind)")
      #expect(try await bench.backfill(file, "--resume").status == 0)
      #expect(try bench.inventory() == (9000, 9000, 9000))
    }

    @Test("a token that lacks the scope ends it with 78, saved")
    func scope() async throws {
      let bench = try await BackfillBench(environment: ["JWT_SECRET": Stack.encryptionKey])
      let file = try bench.file(5)
      let end = try await bench.backfill(file)
      #expect(end.status == 78 && end.error.contains("--token-file"), "\(end)")
    }
  }
}
