import Service
import Transport

/// One call of jobctl: a command with its arguments.
struct Invocation: Sendable {
  let command: Command
  let arguments: Arguments
  let settings: Settings
  let environment: [String: String]
  private let words: [String]

  /// Reads the command line.
  ///
  /// - Throws: how the program ends at once: help, or what is wrong with exit code 2.
  init(_ words: [String], environment: [String: String]) throws(ProgramEnd) {
    guard let name = words.first else { throw ProgramEnd(.usage, errors: Help.all) }
    if name == "--version" {
      throw ProgramEnd(.success, output: BuildInfo.line(of: "jobctl", environment: environment))
    }
    if ["--help", "-h", "help"].contains(name) {
      if let command = words.dropFirst().first.flatMap(Command.named) {
        throw ProgramEnd(.success, output: Help.text(command))
      }
      throw ProgramEnd(.success, output: Help.all)
    }
    guard let command = Command.named(name) else {
      throw .usage("there is no command \"\(name)\"; `jobctl --help` lists them")
    }
    if words.dropFirst().prefix(while: { $0 != "--" }).contains(where: { ["--help", "-h"].contains($0) }) {
      throw ProgramEnd(.success, output: Help.text(command))
    }
    self.command = command
    self.words = words
    arguments = try Arguments(Array(words.dropFirst()), of: command)
    settings = try Settings(arguments, environment: environment)
    self.environment = environment
  }

  /// Does it.
  @EventLoop
  func run() async -> ProgramEnd {
    do throws(ProgramEnd) {
      return try await command.run(
        Call(
          arguments: arguments, settings: settings, api: APICaller(settings), words: words, environment: environment))
    } catch {
      return error
    }
  }
}

/// What a command has at hand.
struct Call: Sendable {
  let arguments: Arguments
  let settings: Settings
  let api: APICaller
  /// The words of the command line after the program's name.
  let words: [String]
  let environment: [String: String]
}

extension ProgramEnd {
  /// The command line is wrong.
  static func usage(_ text: String) -> ProgramEnd { ProgramEnd(.usage, errors: "jobctl: \(text)\n") }

  /// It did not work.
  static func failed(_ code: ExitCode, _ text: String) -> ProgramEnd { ProgramEnd(code, errors: "jobctl: \(text)\n") }
}
