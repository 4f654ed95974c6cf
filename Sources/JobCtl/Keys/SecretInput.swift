import Jobs
import Sealing
import Service

/// Secrets for a command: from the environment, from files that it names, or from standard input; never from the command
/// line, which other users see.
enum SecretInput {
  /// The options that name files of keys.
  static let options = [
    Option("encryption-key-file", "FILE", "holds ENCRYPTION_KEY (or ENCRYPTION_KEY_FILE, ENCRYPTION_KEY)"),
    Option("payload-key-file", "FILE", "holds PAYLOAD_KEY (or PAYLOAD_KEY_FILE, PAYLOAD_KEY)"),
  ]

  /// The keys of the programs, read as the programs read them.
  ///
  /// - Throws: exit code 78 that names every setting that is wrong, and nothing of a key.
  static func keys(_ call: Call) throws(ProgramEnd) -> KeySettings {
    let flags = options.flatMap { option in call.arguments[option.name].map { ["--\(option.name)=\($0)"] } ?? [] }
    let launch = Launch<KeySettings>.read(
      ProgramDescription(name: "jobctl", summary: "", examples: []), arguments: flags, environment: call.environment
    ) { KeySettings(&$0) }
    switch launch {
    case .run(let settings, _), .check(let settings, _): return settings
    case .end(let end): throw end
    }
  }

  /// What stands on standard input, without a line's end.
  ///
  /// - Throws: exit code 2 when it is empty or too long.
  static func standardInput() throws(ProgramEnd) -> Secret {
    let secret: Secret
    do throws(FileBytes.Failure) {
      secret = Secret(fileContent: try FileBytes.read("/dev/stdin", limit: 64 << 10))
    } catch {
      throw .usage("standard input cannot be read: \(error)")
    }
    guard !secret.bytes.isEmpty else { throw .usage("standard input is empty; it must hold the key") }
    return secret
  }
}
