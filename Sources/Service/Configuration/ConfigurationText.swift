/// What `--help`, `--version` and `--print-config` print.
enum ConfigurationText {
  static let switches: [(flag: String, meaning: String)] = [
    ("--check", "validate the settings, try the connections, end"),
    ("--print-config", "print each setting with its origin, secrets redacted, and end"),
    ("--help", "print this and end"),
    ("--version", "print the version and end"),
  ]

  static func help(_ program: ProgramDescription, _ settings: [Setting]) -> String {
    var text = "\(program.name): \(program.summary)\n\n"
    text += "Usage: \(program.name) [--flag value]...\(program.operands.map { " " + $0 } ?? "")\n\n"
    text += "Each setting is a flag or the variable beside it; the flag wins.\n"
    let flagWidth = (settings.map(\.flag.count) + switches.map(\.flag.count)).max() ?? 0
    let nameWidth = settings.map { $0.name.count + ($0.isSecret ? 7 : 0) }.max() ?? 0
    var section: String?
    for setting in settings {
      if setting.section != section || section == nil && setting.name == settings.first?.name {
        section = setting.section
        text += "\n\(section ?? "Settings"):\n"
      }
      let name = setting.name + (setting.isSecret ? "[_FILE]" : "")
      let standard = setting.standard.map { " [\(Setting.printable($0))]" } ?? ""
      text += "  \(pad(setting.flag, flagWidth))  \(pad(name, nameWidth))  \(setting.meaning)\(standard)\n"
    }
    text += "\nOther:\n"
    for (flag, meaning) in switches { text += "  \(pad(flag, flagWidth))  \(meaning)\n" }
    if !program.examples.isEmpty { text += "\nExamples:\n" }
    for example in program.examples { text += "  \(example.command)\n      \(example.meaning)\n" }
    return text
  }

  static func version(_ program: ProgramDescription, _ environment: [String: String]) -> String {
    BuildInfo.line(of: program.name, environment: environment)
  }

  static func settings(_ settings: [Setting]) -> String {
    settings.map { setting in
      guard let shown = setting.shown else { return "\(setting.name)  (not set)\n" }
      return "\(setting.name)=\(Setting.printable(shown))  (\(setting.origin.rawValue))\n"
    }.joined()
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
