import Service
import Transport

/// An option of a command.
struct Option: Sendable {
  let name: String
  /// How its value is written in the help; nil for a switch.
  let value: String?
  let meaning: String

  init(_ name: String, _ value: String? = nil, _ meaning: String) {
    self.name = name
    self.value = value
    self.meaning = meaning
  }

  /// Those that all commands have.
  static let everywhere = [
    Option("api", "URL", "where the API is (WHISPERCACHE_API, http://localhost:4000)"),
    Option("ca-file", "FILE", "https: the authorities to believe (WHISPERCACHE_CA_FILE, the system's)"),
    Option("token-file", "FILE", "holds the API key or token"),
    Option("timeout", "DURATION", "how long an answer may take (30s)"),
    Option("json", nil, "print the API's JSON"),
  ]
}

/// What jobctl can do.
struct Command: Sendable {
  let name: String
  let operands: String
  let operandCount: ClosedRange<Int>
  let summary: String
  var options: [Option] = []
  let examples: [String]
  /// Whether it ends in order at SIGINT and SIGTERM by itself; they are blocked for it.
  var heedsSignals = false
  let run: @EventLoop @Sendable (Call) async throws(ProgramEnd) -> ProgramEnd

  /// The line of its use, without the program's name.
  var usage: String { operands.isEmpty ? "\(name) [options]" : "\(name) \(operands) [options]" }

  static let all: [Command] =
    JobCommands.all + QueueCommands.all + [
      DeadCommands.dead, ScheduleCommands.schedules, BackfillCommand.backfill, DoctorCommand.doctor,
      KeysCommand.keys, SealCommand.seal, CompletionCommand.completion, BackupCommand.backup, RestoreCommand.restore,
    ]

  static func named(_ name: String) -> Command? { all.first { $0.name == name } }
}

/// What `--help` prints.
enum Help {
  static var all: String {
    let rows = Command.all.map { ["  \($0.usage)", $0.summary] }
    return
      "jobctl: submit jobs, look at queues and mend them, over the HTTP API or Redis itself\n\nUsage: jobctl COMMAND ...\n\n"
      + TextTable.text(rows)
      + "\n`jobctl COMMAND --help` shows options and examples, `jobctl --version` which one this is. Exit codes: 0 done, 1 failed,\n"
      + "2 usage, 3 partly done, 4 not found, 69 the API or Redis does not answer, 75 try again later, 78 configuration or token,\n"
      + "130 stopped by a signal.\n"
  }

  static func text(_ command: Command) -> String {
    let rows = (command.options + Option.everywhere).map {
      ["  --\($0.name)\($0.value.map { " \($0)" } ?? "")", $0.meaning]
    }
    return "\(command.summary)\n\nUsage: jobctl \(command.usage)\n\nOptions:\n" + TextTable.text(rows) + "\nExamples:\n"
      + command.examples.map { "  jobctl \($0)\n" }.joined()
  }
}
