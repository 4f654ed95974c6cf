/// What can stand where on jobctl's command line, from the table of commands: the one source of help, parsing and completion.
struct CompletionTable: Sendable {
  /// What may follow.
  enum Words: Sendable, Equatable {
    /// One of these.
    case words([String])
    /// The path of a file.
    case file
    /// The path of a file behind an `@`.
    case fileBehindAt
    /// Anything.
    case free
  }

  /// An option of a command.
  struct Entry: Sendable, Equatable {
    /// With its hyphens.
    let name: String
    let meaning: String
    /// What its value may be; nil for a switch.
    let value: Words?
  }

  /// A command.
  struct Row: Sendable, Equatable {
    let name: String
    let summary: String
    let options: [Entry]
    /// What its first operand may be.
    let operand: Words
  }

  let rows: [Row]

  init(_ commands: [Command]) {
    rows = commands.map { command in
      Row(
        name: command.name, summary: command.summary,
        options: (command.options + Option.everywhere).map { option in
          Entry(name: "--\(option.name)", meaning: option.meaning, value: option.value.map(Self.words))
        } + [Entry(name: "--help", meaning: "show options and examples", value: nil)],
        operand: Self.words(command.operands))
    }
  }

  /// Reads a value as the help writes it: `normal|high` are words, `FILE` and `@FILE` files, `KIND` anything.
  static func words(_ written: String) -> Words {
    let first = written.split(separator: " ").first.map(String.init) ?? ""
    let bare = first.filter { !"[].".contains($0) }
    let choices = bare.split(separator: "|").map(String.init)
    let isFixed =
      !choices.isEmpty && choices.allSatisfy { $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D } }
    if isFixed { return .words(choices.filter { $0 != "-" }) }
    if choices.contains("@FILE") { return .fileBehindAt }
    return choices.contains { ["FILE", "DIR", "PATH"].contains($0) } ? .file : .free
  }
}
