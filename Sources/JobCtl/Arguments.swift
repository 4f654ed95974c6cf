import Service

/// The words after a command: its options, and operands in their order.
struct Arguments: Sendable, Equatable {
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]
  private var switches: Set<String> = []

  /// Reads the words; `--` ends the options.
  ///
  /// - Throws: exit code 2 for an option that the command has not, a value that is missing, and too many or too few operands.
  init(_ words: [String], of command: Command) throws(ProgramEnd) {
    var rest = words[...]
    let options = command.options + Option.everywhere
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      guard word.hasPrefix("--") else {
        operands.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts.first ?? "")
      guard let option = options.first(where: { $0.name == name }) else {
        throw .usage("\(command.name) has no option --\(name); `jobctl \(command.name) --help` lists them")
      }
      guard option.value != nil else {
        if parts.count > 1 { throw .usage("--\(name) takes no value") }
        switches.insert(name)
        continue
      }
      if parts.count > 1 {
        values[name] = String(parts[1])
      } else if let value = rest.popFirst() {
        values[name] = value
      } else {
        throw .usage("--\(name) needs a value: --\(name) \(option.value ?? "")")
      }
    }
    guard command.operandCount.contains(operands.count) else {
      throw .usage("usage: jobctl \(command.usage)")
    }
  }

  subscript(name: String) -> String? { values[name] }

  func has(_ name: String) -> Bool { switches.contains(name) }

  /// A whole number.
  ///
  /// - Throws: exit code 2 when it is none or outside `range`.
  func number(_ name: String, in range: ClosedRange<Int>) throws(ProgramEnd) -> Int? {
    guard let text = values[name] else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .usage("--\(name) is \"\(text)\"; expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A duration.
  ///
  /// - Throws: exit code 2 when it is none.
  func duration(_ name: String) throws(ProgramEnd) -> Duration? {
    guard let text = values[name] else { return nil }
    guard let duration = DurationText.parse(text), duration > .zero else {
      throw .usage("--\(name) is \"\(text)\"; expected \(DurationText.expected), above 0")
    }
    return duration
  }
}
