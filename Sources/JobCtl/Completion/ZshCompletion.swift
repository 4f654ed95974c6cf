/// A table as code for zsh.
enum ZshCompletion {
  /// The code, to be sourced or to lie as `_jobctl` in a folder of fpath.
  static func code(_ table: CompletionTable) -> String {
    (values(table) + words(table) + choice(table)).joined(separator: "\n") + "\n"
  }

  /// What may stand behind an option that takes a value.
  private static func values(_ table: CompletionTable) -> [String] {
    var lines = [
      "#compdef jobctl",
      "# Completes jobctl in zsh: source <(jobctl completion zsh)",
      "# Sets `add` to the command that adds what fits.",
      "_jobctl_value() {",
      "  case \"$1\" in",
    ]
    for row in table.rows {
      for option in row.options {
        guard let value = option.value else { continue }
        lines.append("    (\(BashCompletion.single("\(row.name) \(option.name)"))) \(assignment(value)) ;;")
      }
    }
    return lines + [
      "    (*) return 1 ;;", "  esac", "}",
      "_jobctl_file_behind_at() { if compset -P @; then _files; else _files -P @; fi }",
    ]
  }

  /// The options of a command, and what its first operand may be.
  private static func words(_ table: CompletionTable) -> [String] {
    var lines = ["_jobctl_options() {", "  case \"$1\" in"]
    for row in table.rows {
      lines.append(
        "    (\(row.name)) items=(\(row.options.map { item($0.name, $0.meaning) }.joined(separator: " "))) ;;")
    }
    lines += ["  esac", "}", "_jobctl_operand() {", "  case \"$1\" in"]
    for row in table.rows where row.operand != .free { lines.append("    (\(row.name)) \(assignment(row.operand)) ;;") }
    return lines + ["    (help) add=(compadd -- \(table.rows.map(\.name).joined(separator: " "))) ;;", "  esac", "}"]
  }

  private static func choice(_ table: CompletionTable) -> [String] {
    [
      "_jobctl() {",
      "  local -a items add",
      "  local operands=0 index",
      "  if (( CURRENT == 2 )); then",
      "    items=(\(table.rows.map { item($0.name, $0.summary) }.joined(separator: " ")))",
      "    _describe command items",
      "    return",
      "  fi",
      "  if ! _jobctl_value \"$words[2] $words[CURRENT-1]\"; then",
      "    if [[ $PREFIX == -* ]]; then",
      "      _jobctl_options $words[2]",
      "      _describe option items",
      "      return",
      "    fi",
      "    for (( index = 3; index < CURRENT; index++ )); do",
      "      if [[ $words[index] != -* ]] && ! _jobctl_value \"$words[2] $words[index-1]\"; then",
      "        operands=$((operands + 1))",
      "      fi",
      "    done",
      "    add=()",
      "    if (( operands == 0 )); then _jobctl_operand $words[2]; fi",
      "  fi",
      "  $add",
      "}",
      "if [ \"$funcstack[1]\" = _jobctl ]; then _jobctl \"$@\"; else compdef _jobctl jobctl; fi",
    ]
  }

  private static func assignment(_ words: CompletionTable.Words) -> String {
    switch words {
    case .words(let words): "add=(compadd -- \(words.joined(separator: " ")))"
    case .file: "add=(_files)"
    case .fileBehindAt: "add=(_jobctl_file_behind_at)"
    case .free: "add=()"
    }
  }

  /// A word with its meaning, as `_describe` takes it: a colon between them.
  private static func item(_ word: String, _ meaning: String) -> String {
    BashCompletion.single("\(word):\(meaning.replacing("\\", with: "\\\\").replacing(":", with: "\\:"))")
  }
}
