import Foundation
import TestSupport
import Testing

/// The dashboard as people meet it: a real Chromium, driven by the programs in Tests/Browser.
@Suite("The dashboard in Chromium") struct DashboardInChromiumTests {
  @Test("each page shows what there is, live, with an empty console")
  func pages() async throws {
    try await check("pages", on: try await Stack())
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
      within: .seconds(150))
    #expect(
      result.status == 0, "Tests/Browser/\(name).py:\n\(result.error)\n\(result.output)\n\(stack.logs.suffix(3000))")
    // A file without checks would pass.
    #expect(result.error.contains(/Ran [1-9][0-9]* tests? in/), "\(result.error)")
    #expect(stack.allRun)
  }
}
