import Foundation
import Glibc

/// Other people's implementations of what is tested here, in a Python environment of exact versions.
public enum Oracles {
  /// The interpreter: the environment's WC_PYTHON, which `scripts/test` sets.
  ///
  /// - Throws: when it is not set, with what to do.
  public static var python: String {
    get throws(SupportError) {
      guard let path = ProcessInfo.processInfo.environment["WC_PYTHON"], !path.isEmpty else {
        throw SupportError(
          "this test asks py_ecc and groth16py: run scripts/test, or export WC_PYTHON=$(scripts/lib/python.sh) first")
      }
      guard access(path, X_OK) == 0 else {
        throw SupportError("WC_PYTHON=\(path) is no program: export WC_PYTHON=$(scripts/lib/python.sh)")
      }
      return path
    }
  }

  /// Where the programs are: Tests/Oracles.
  public static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Oracles").path

  /// Runs the program `name` of `folder` in a process of its own and returns the lines that it prints.
  ///
  /// - Parameter lines: what it reads, a request a line.
  /// - Throws: when the interpreter is missing, the program fails or does not end within `limit`.
  public static func run(
    _ name: String, _ arguments: [String] = [], lines: [String] = [], within limit: Duration = .seconds(240)
  ) async throws -> [String] {
    let input = lines.map { $0 + "\n" }.joined()
    let output = try await Tool.output(
      of: python, ["-B", "\(folder)/\(name).py"] + arguments, input: input, environment: ["RAYON_NUM_THREADS": "1"],
      within: limit)
    return output.split(separator: "\n").map(String.init)
  }
}
