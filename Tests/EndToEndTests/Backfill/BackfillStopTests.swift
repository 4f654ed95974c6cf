import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("A backfill that is stopped", .serialized)
  struct BackfillStopTests {
    /// The line under "to go on" of what a stopped backfill said.
    private func command(_ child: ChildProcess) throws -> String {
      let lines = child.errorLines
      let index = try #require(lines.firstIndex { $0.hasPrefix("to go on") }, "\(child.tail)")
      return lines[index + 1].trimmingCharacters(in: .whitespaces)
    }

    @Test(
      "a signal ends it after what is under way, and the command that it prints goes on", arguments: [SIGINT, SIGTERM])
    func signal(_ signal: Int32) async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(
        5000, named: "it's a file.ndjson", others: [7: #"{"kind":"test.nothing","payload":{}}"#])
      let rejects = bench.folder.file("refused $HOME.ndjson")
      let child = try bench.start([file, "--rate=2000", "--rejects", rejects, "--json"])
      try await bench.reaches(400, file + ".backfill", child)
      child.signal(signal)
      #expect(try await child.waitForExit() == .status(130), "\(child.tail)")
      let stopped = try JSONTree(child.outputLines.joined())
      #expect(stopped["complete"].bool == false && stopped["checkpoint"].string == file + ".backfill")
      let accepted = try #require(stopped["accepted"].int)
      // What was under way when the signal came is in the checkpoint: nothing is in doubt.
      #expect(try bench.inventory().ready == accepted && accepted < 4999)
      let end = try await Tool.run("bash", ["-c", try command(child)], environment: bench.environment)
      #expect(end.status == 3, "\(end)")
      #expect(try JSONTree(end.output)["replayed"].int == 0)
      #expect(try bench.inventory() == (4999, 4999, 4999))
      #expect(try bench.lines(of: rejects).map { $0["line"].int } == [7])
    }

    @Test("a second signal ends it at once, also when it waits")
    func twice() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(100)
      let child = try bench.start([file, "--batch", "10"])
      _ = try await child.waitForExit()
      #expect(child.exit == .status(0))
      bench.stack.redis.pause()
      let held = try bench.start([file, "--checkpoint", bench.folder.file("c"), "--timeout", "60s"])
      try await eventually("the checkpoint is there") { bench.exists(bench.folder.file("c")) }
      held.signal(SIGINT)
      held.signal(SIGINT)
      #expect(try await held.waitForExit(within: .seconds(10)) == .status(130))
      bench.stack.redis.resume()
    }

    @Test("a stream is resumed with the same bytes from the beginning, and with no others")
    func stream() async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(4000)
      let checkpoint = bench.folder.file("stream")
      let program = ShellWords(try BuiltPrograms.path(of: "jobctl"))
      let feed = "\(program) backfill - --rate 2000 --checkpoint \(ShellWords(checkpoint))"
      let child = try ChildProcess(
        "bash", ["-c", "cat \(ShellWords(file)) | (\(feed))"], environment: bench.environment)
      try await bench.reaches(600, checkpoint, child)
      child.kill()
      let other = try await bench.backfill("-", "--resume", "--checkpoint", checkpoint, input: "{}\n")
      #expect(other.status == 1 && other.error.contains("the input ends before byte"), "\(other)")
      let changed = try String(contentsOfFile: file, encoding: .utf8).replacingOccurrences(of: ":1", with: ":2")
      let wrong = try await bench.backfill("-", "--resume", "--checkpoint", checkpoint, input: changed)
      #expect(wrong.status == 1 && wrong.error.contains("has changed"), "\(wrong)")
      let before = FileManager.default.contents(atPath: checkpoint)
      let waiting = try ChildProcess(
        try BuiltPrograms.path(of: "jobctl"), ["backfill", "-", "--resume", "--checkpoint", checkpoint],
        environment: bench.environment, input: true)
      try waiting.write("{")
      waiting.signal(SIGINT)
      _ = try await waiting.waitForExit()
      #expect(FileManager.default.contents(atPath: checkpoint) == before)
      let same = try String(contentsOfFile: file, encoding: .utf8)
      let end = try await bench.backfill("-", "--resume", "--checkpoint", checkpoint, input: same)
      #expect(end.status == 0, "\(end)")
      #expect(try bench.inventory() == (4000, 4000, 4000))
    }

    @Test("a silent pipe does not keep it from ending")
    func silent() async throws {
      let bench = try await BackfillBench()
      let child = try ChildProcess(
        try BuiltPrograms.path(of: "jobctl"), ["backfill", "-"], environment: bench.environment,
        input: true)
      try child.write(#"{"kind":"test.noop","payload":{"n":1}}"# + "\n")
      try await eventually("the line is in without waiting for more") { try bench.inventory().ready == 1 }
      child.signal(SIGTERM)
      #expect(try await child.waitForExit(within: .seconds(10)) == .status(130))
      #expect(child.log.contains("no checkpoint was kept"))
    }
  }
}

/// One word for a shell.
private struct ShellWords: CustomStringConvertible {
  let description: String
  init(_ word: String) { description = "'" + word.replacingOccurrences(of: "'", with: #"'\''"#) + "'" }
}
