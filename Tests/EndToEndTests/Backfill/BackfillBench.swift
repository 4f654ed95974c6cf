import Foundation
import TestSupport
import Testing

/// What the tests of backfills stand on: a Redis without disk, a producer, a folder for the files, and jobctl.
struct BackfillBench {
  let stack: Stack
  let folder: TemporaryFolder

  init(workers: Int = 0, environment: [String: String] = [:]) async throws {
    var settings = Stack.Settings.workers(workers, environment)
    settings.redis = RedisServer.Options()
    stack = try await Stack(settings)
    folder = try TemporaryFolder()
  }

  var environment: [String: String] { ["WHISPERCACHE_API": "http://127.0.0.1:\(stack.api.port)"] }

  /// A file with `count` jobs of `test.noop`, each with its line's number, and the lines in `others` in place of theirs.
  func file(_ count: Int, named name: String = "jobs.ndjson", others: [Int: String] = [:]) throws -> String {
    var text = ""
    text.reserveCapacity(count * 48)
    for line in 1...count {
      text += others[line] ?? #"{"kind":"test.noop","payload":{"n":\#(line)}}"#
      text += "\n"
    }
    return try folder.write(text, to: name)
  }

  /// Runs `jobctl backfill` to its end.
  func backfill(_ arguments: String..., input: String? = nil) async throws -> Tool.Result {
    try await Tool.run(
      try BuiltPrograms.path(of: "jobctl"), ["backfill"] + arguments, input: input, environment: environment,
      within: .seconds(240))
  }

  /// Starts `jobctl backfill`; `more` are options before all others.
  func start(_ arguments: [String], _ more: String...) throws -> ChildProcess {
    try ChildProcess(
      try BuiltPrograms.path(of: "jobctl"), ["backfill"] + more + arguments, environment: environment,
      folder: folder.path)
  }

  /// Waits until a checkpoint says that so many jobs are in.
  func reaches(_ accepted: Int, _ checkpoint: String, _ child: ChildProcess) async throws {
    try await eventually(within: .seconds(120), "\(accepted) jobs are in\n\(child.tail)") {
      guard let data = FileManager.default.contents(atPath: checkpoint) else { return !child.isRunning }
      return try JSONTree(data)["accepted"].int ?? 0 >= accepted || !child.isRunning
    }
    #expect(child.isRunning, "\(child.tail)")
  }

  /// How many jobs are ready in the queue `test`, each id counted once, and how many numbers their payloads hold.
  func inventory() throws -> (ready: Int, ids: Int, numbers: Int) {
    let script = """
      local ids = redis.call('LRANGE', KEYS[1], 0, -1)
      local seen, numbers, distinct, different = {}, {}, 0, 0
      for _, id in ipairs(ids) do
        if not seen[id] then seen[id] = true; distinct = distinct + 1 end
        local payload = redis.call('HGET', ARGV[1] .. id, 'payload')
        if payload and not numbers[payload] then numbers[payload] = true; different = different + 1 end
      end
      return {#ids, distinct, different}
      """
    let reply = try stack.redis.command("EVAL", script, "1", "wc:{test}:ready", "wc:{test}:job:")
    let counts = reply.elements.compactMap(\.int)
    try #require(counts.count == 3, "\(reply)")
    return (counts[0], counts[1], counts[2])
  }

  /// The lines of a file as JSON.
  func lines(of path: String) throws -> [JSONTree] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { try JSONTree(String($0)) }
  }

  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
