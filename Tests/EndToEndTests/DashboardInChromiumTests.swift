import Foundation
import TestSupport
import Testing

/// The dashboard as people meet it: a real Chromium, driven by the programs in Tests/Browser.
@Suite("The dashboard in Chromium") struct DashboardInChromiumTests {
  @Test("each page shows what there is, live, with an empty console, and the first load is light")
  func pages() async throws { try await check("pages", on: try await Stack()) }

  @Test("what looks like markup, script or a link stays text on every page")
  func hostile() async throws { try await check("hostile", on: try await Stack()) }

  @Test("what is pressed is seen in Redis, and takes exactly what is shown")
  func actions() async throws { try await check("actions", on: try await Stack()) }

  @Test("it polls while the stream is cut, and is live again afterwards")
  func stream() async throws { try await check("stream", on: try await Stack()) }

  @Test("keyboard, tables, contrast in light and dark, motion, a narrow window")
  func reach() async throws { try await check("reach", on: try await Stack()) }

  @Test("it asks for a token, tells a wrong one, and offers what its caller may do")
  func access() async throws {
    let folder = try TemporaryFolder()
    var keys: [String: String] = [:]
    var lines = ""
    for (name, scopes) in [("ADMIN", "admin"), ("READER", "jobs:read"), ("WRITER", "jobs:read,jobs:write")] {
      let key = "\(name.lowercased())-\(Stack.encryptionKey)"
      let hash = try await Tool.output(of: "sha256sum", input: key).prefix(64)
      lines += "\(name.lowercased()) \(hash) \(scopes)\n"
      keys["WC_\(name)_KEY"] = key
    }
    let file = try folder.write(lines, to: "keys")
    try await check("access", on: try await Stack(.workers(1, ["API_KEYS_FILE": file])), keys)
    withExtendedLifetime(folder) {}
  }

  /// Runs the checks of one file of Tests/Browser against `stack`, in a browser of their own.
  private func check(_ name: String, on stack: Stack, _ more: [String: String] = [:]) async throws {
    for program in ["chromium", "chromedriver"] { _ = try Tool.path(of: program) }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Browser").path
    let environment = [
      "WC_API_URL": "http://127.0.0.1:\(stack.api.port)", "WC_REDIS_SOCKET": stack.redis.socketPath,
      "PYTHONPATH": folder, "PYTHONUNBUFFERED": "1",
    ]
    let result = try await Tool.run(
      Oracles.python, ["-B", "-m", "unittest", "-v", name], environment: environment.merging(more) { $1 },
      within: .seconds(240))
    #expect(
      result.status == 0, "Tests/Browser/\(name).py:\n\(result.error)\n\(result.output)\n\(stack.logs.suffix(3000))")
    // A file without checks would pass.
    #expect(result.error.contains(/Ran [1-9][0-9]* tests? in/), "\(result.error)")
    #expect(stack.allRun)
  }
}
