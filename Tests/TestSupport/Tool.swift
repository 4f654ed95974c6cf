import Foundation
import Glibc

/// External programs that tests use: redis-cli, python3, promtool, curl.
public enum Tool {
  /// What a finished tool left behind.
  public struct Result: Sendable {
    /// Exit status; 128 + signal when a signal ended it.
    public let status: Int32
    /// Standard output, without the last line break.
    public let output: String
    /// Standard error, without the last line break.
    public let error: String
  }

  private static let packages = [
    "redis-server": "redis-server", "redis-cli": "redis-tools", "python3": "python3", "curl": "curl",
    "promtool": "prometheus", "amtool": "prometheus-alertmanager", "openssl": "openssl", "setpriv": "util-linux",
    "chromium": "chromium", "chromedriver": "chromium-driver",
  ]

  /// The absolute path of `program`.
  ///
  /// - Throws: when it is not installed; the error names the Debian package.
  public static func path(of program: String) throws(SupportError) -> String {
    if program.contains("/") {
      guard access(program, X_OK) == 0 else { throw SupportError("\(program) is not there, or is not executable") }
      return program
    }
    let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in search.split(separator: ":") {
      let candidate = "\(folder)/\(program)"
      if access(candidate, X_OK) == 0 { return candidate }
    }
    throw SupportError(
      "\(program) is not installed, and this test needs it: apt-get install \(packages[program] ?? program)"
        + " (scripts/test does that)")
  }

  /// Runs `program` to its end.
  ///
  /// - Parameter input: what it reads on standard input.
  /// - Throws: when it is missing or does not end within `limit`; a status other than 0 is no error here.
  public static func run(
    _ program: String, _ arguments: [String] = [], input: String? = nil, environment: [String: String] = [:],
    within limit: Duration = .seconds(60)
  ) async throws -> Result {
    let child = try ChildProcess(program, arguments, environment: environment, input: input != nil)
    if let input {
      // A tool need not read all its input: one that ends or closes it early says by its status how that went, and one that
      // waits for more of it does not end within the limit.
      let _: SupportError? = await offThread {
        defer { child.closeInput() }
        do throws(SupportError) { try child.write(input) } catch { return error }
        return nil
      }
    }
    let exit = try await child.waitForExit(within: limit)
    let status: Int32 =
      switch exit {
      case .status(let status): status
      case .signal(let signal): 128 + signal
      }
    return Result(
      status: status, output: child.outputLines.joined(separator: "\n"),
      error: child.errorLines.joined(separator: "\n"))
  }

  /// Runs `program` and returns its output.
  ///
  /// - Throws: also when its status is not 0, with what it said.
  @discardableResult
  public static func output(
    of program: String, _ arguments: [String] = [], input: String? = nil, environment: [String: String] = [:],
    within limit: Duration = .seconds(60)
  ) async throws -> String {
    let result = try await run(program, arguments, input: input, environment: environment, within: limit)
    guard result.status == 0 else {
      throw SupportError(
        "\(program) \(arguments.joined(separator: " ")): status \(result.status)\n\(result.output)\n\(result.error)")
    }
    return result.output
  }
}
