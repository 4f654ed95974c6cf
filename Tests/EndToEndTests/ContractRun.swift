import Foundation
import TestSupport

/// One run of schemathesis: thousands of requests made from a description, each answer held against it.
struct ContractRun {
  /// What it found.
  struct Outcome: CustomStringConvertible {
    let status: Int32
    let output: String
    /// Requests that were made.
    let requests: Int

    /// Whether there is nothing to complain of, after at least `least` requests.
    func isClean(atLeast least: Int) -> Bool {
      status == 0 && requests >= least && output.contains(" generated, \(requests) passed")
    }

    /// The findings, or the end of what it said.
    var description: String {
      let start = output.range(of: "FAILURES ====")?.lowerBound ?? output.range(of: "ERRORS ====")?.lowerBound
      return "status \(status), \(requests) requests\n"
        + String(start.map { output[$0...].prefix(6000) } ?? output.suffix(6000))
    }
  }

  /// Tests/Contract: its settings, what it has to know beyond a description, and the check of the description itself.
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Contract").path

  /// The API that is called.
  let stack: Stack
  /// A file or URL of the description.
  let description: String
  let seed: UInt32
  /// The key of an operator where the API asks for one.
  var key: String?

  /// Runs it to its end.
  ///
  /// - Parameter options: of `schemathesis run`.
  func run(_ options: [String], within limit: Duration) async throws -> Outcome {
    // It leaves a folder with what it learnt where it runs.
    let scratch = try TemporaryFolder()
    let authorization = key.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
    let arguments =
      [
        "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", scratch.path, try Oracles.python, "-B", "-m",
        "schemathesis.cli",
      ]
      + ["--config-file", "\(Self.folder)/schemathesis.toml", "run", description]
      + ["--url", "http://127.0.0.1:\(stack.api.port)", "--seed", "\(seed)"] + authorization + options
    let environment = ["PYTHONPATH": Self.folder, "COLUMNS": "200", "WC_CONTRACT_GUARDED": key == nil ? "" : "1"]
    let result = try await Tool.run("sh", arguments, environment: environment, within: limit)
    let count = result.output.firstMatch(of: /([0-9]+) generated/).flatMap { Int($0.1) }
    return Outcome(status: result.status, output: result.output + result.error, requests: count ?? 0)
  }
}
