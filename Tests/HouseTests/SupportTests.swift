import Foundation
import TestSupport
import Testing

@Suite("What the tests themselves stand on")
struct SupportTests {
  @Test("a private redis-server answers, forgets nothing over a restart and leaves no process")
  func redis() throws {
    let server = try RedisServer(.durable)
    #expect(try server.command("SET", "a", "1") == .simple("OK"))
    try server.restart(killing: true)
    #expect(try server.command("GET", "a") == .bulk(Array("1".utf8)))
    let id = try #require(server.processID)
    server.kill()
    #expect(kill(id, 0) == -1)
    #expect(!server.isRunning)
  }

  @Test("a one-node cluster owns every slot and refuses keys of two slots")
  func cluster() throws {
    let server = try RedisServer(.cluster)
    #expect(try server.command("SET", "{x}a", "1") == .simple("OK"))
    let reply = try server.command("MGET", "a", "b")
    #expect(reply.text?.hasPrefix("CROSSSLOT") == true, "\(reply)")
  }

  @Test("a child's lines, status and signals are seen")
  func child() async throws {
    let child = try ChildProcess("sh", ["-c", "echo one; echo two >&2; read x; exit $x"], input: true)
    try await child.line(containing: "two")
    try child.write("7\n")
    #expect(try await child.waitForExit() == .status(7))
    #expect(child.outputLines == ["one"] && child.errorLines == ["two"])

    let sleeper = try ChildProcess("sleep", ["100"])
    sleeper.kill()
    #expect(sleeper.exit == .signal(SIGKILL))
  }

  @Test("a write to a child that has gone is an error, and ends nobody")
  func brokenPipe() async throws {
    let child = try ChildProcess("true", input: true)
    try await child.waitForExit()
    #expect(throws: SupportError.self) { try child.write("x") }
    let result = try await Tool.run("head", ["-c", "1"], input: String(repeating: "x", count: 1 << 20))
    #expect(result.status == 0 && result.output == "x")
  }

  @Test("a child starts in the folder and with the environment that it is given")
  func surroundings() async throws {
    let folder = try TemporaryFolder()
    let child = try ChildProcess(
      "sh", ["-c", "pwd; echo $WC_SUPPORT"], environment: ["WC_SUPPORT": "x"], folder: folder.path)
    try await child.waitForExit()
    #expect(child.outputLines == [folder.path, "x"])
  }

  @Test("a missing program is an error that names its package")
  func missing() {
    #expect { try Tool.path(of: "no-such-program") } throws: { "\($0)".contains("apt-get install no-such-program") }
  }

  @Test("a line that never comes is an error with the last lines")
  func silence() async throws {
    let child = try ChildProcess("echo", ["hello"])
    await #expect {
      try await child.line(containing: "good-bye")
    } throws: {
      "\($0)".contains("hello")
    }
  }

  @Test("a generator repeats from its seed")
  func seeds() {
    var first = SeededGenerator(seed: 5)
    var second = SeededGenerator(seed: 5)
    #expect(first.bytes(100) == second.bytes(100))
    #expect(first.mutate([1, 2, 3]) == second.mutate([1, 2, 3]))
    #expect(first.description == "WC_SEED=5")
  }

  @Test("a condition that never holds fails with its description")
  func never() async {
    await #expect {
      try await eventually(within: .milliseconds(20), "the moon is cheese") { false }
    } throws: {
      "\($0)".contains("the moon is cheese")
    }
  }
}
