import Glibc

/// What a program is to do after its command line and environment have been read.
public enum Launch<Settings> {
  /// Run with these settings, after logging the notices.
  case run(Settings, Details)
  /// `--check`: try what the settings name and end.
  case check(Settings, Details)
  /// End at once: help was printed, or the settings are wrong.
  case end(ProgramEnd)

  /// What was read beside the settings.
  public struct Details: Sendable {
    /// Lines about misspelt and retired variables, for standard error or the log.
    public let notices: [String]
    /// The arguments that are no flags; empty for a program that takes none.
    public let operands: [String]
    /// The environment.
    public let environment: [String: String]
  }

  /// Reads the settings of this process.
  ///
  /// - Parameter declare: reads each setting; usually the initializer of `Settings`.
  public static func read(
    _ program: ProgramDescription, _ declare: (inout ConfigurationReader) -> Settings
  ) -> Launch {
    do {
      let environment = try Environment.current()
      return read(program, arguments: Array(CommandLine.arguments.dropFirst()), environment: environment, declare)
    } catch {
      return .end(ProgramEnd(.configuration, errors: "config: the environment cannot be read from /proc: \(error)\n"))
    }
  }

  /// Reads settings from given arguments and environment.
  public static func read(
    _ program: ProgramDescription, arguments: [String], environment: [String: String],
    readFile: @escaping ConfigurationReader.FileReader = { path throws(FileBytes.Failure) in
      try FileBytes.read(path, limit: 64 << 20)
    },
    _ declare: (inout ConfigurationReader) -> Settings
  ) -> Launch {
    var reader = ConfigurationReader(arguments: arguments, environment: environment, readFile: readFile)
    let isHelp = reader.flags.takeSwitch("--help")
    let isShortHelp = reader.flags.takeSwitch("-h")
    let isVersion = reader.flags.takeSwitch("--version")
    let isPrint = reader.flags.takeSwitch("--print-config")
    let isCheck = reader.flags.takeSwitch("--check")
    let settings = declare(&reader)
    if isHelp || isShortHelp {
      return .end(ProgramEnd(.success, output: ConfigurationText.help(program, reader.settings)))
    }
    if isVersion { return .end(ProgramEnd(.success, output: ConfigurationText.version(program, environment))) }

    let rest = reader.flags.takeRest(swallowing: program.operands == nil)
    let usage = usageProblems(rest, program, reader.settings)
    let known = reader.otherNames.union(reader.settings.map(\.name))
    let notices = reader.notices + ConfigurationNotices.lines(environment: environment, known: known)
    let output = isPrint ? ConfigurationText.settings(reader.settings) : ""
    guard usage.isEmpty, reader.problems.isEmpty else {
      let lines = usage + reader.problems + notices
      return .end(
        ProgramEnd(
          reader.problems.isEmpty ? .usage : .configuration, output: output, errors: lines.map { $0 + "\n" }.joined()))
    }
    if isPrint { return .end(ProgramEnd(.success, output: output, errors: notices.map { $0 + "\n" }.joined())) }
    let details = Details(notices: notices, operands: rest.operands, environment: environment)
    return isCheck ? .check(settings, details) : .run(settings, details)
  }

  private static func usageProblems(
    _ rest: (unknown: [String], operands: [String]), _ program: ProgramDescription, _ settings: [Setting]
  ) -> [String] {
    let flags = settings.map(\.flag) + ConfigurationText.switches.map(\.flag)
    var lines = rest.unknown.map { ConfigurationNotices.unknownFlag($0, known: flags) }
    if program.operands == nil {
      lines += rest.operands.map { "config: \"\(Setting.printable($0))\" is not expected; settings are --flag value" }
    }
    return lines
  }
}

/// How a program ends, and what it says last.
public struct ProgramEnd: Error, Sendable, Hashable {
  /// The exit code.
  public let code: ExitCode
  /// For standard output.
  public let output: String
  /// For standard error.
  public let errors: String

  /// Creates an end.
  public init(_ code: ExitCode, output: String = "", errors: String = "") {
    self.code = code
    self.output = output
    self.errors = errors
  }

  /// Prints and ends the process.
  public func perform() -> Never {
    StandardStream.output.write(output)
    StandardStream.error.write(errors)
    exit(code.rawValue)
  }
}
