/// A table as code for bash.
enum BashCompletion {
  /// The code, to be sourced.
  static func code(_ table: CompletionTable) -> String {
    (values(table) + words(table) + choice(table) + ["complete -F _jobctl jobctl"]).joined(separator: "\n") + "\n"
  }

  /// What may stand behind an option that takes a value.
  private static func values(_ table: CompletionTable) -> [String] {
    var lines = [
      "# Completes jobctl in bash: source <(jobctl completion bash)",
      "# These set `words`, or `files` to what stands before the path of a file.",
      "_jobctl_value() {",
      "  case \"$1\" in",
    ]
    for row in table.rows {
      for option in row.options {
        guard let value = option.value else { continue }
        lines.append("    \(single("\(row.name) \(option.name)"))) \(assignment(value)) ;;")
      }
    }
    return lines + ["    *) return 1 ;;", "  esac", "}"]
  }

  /// The options of a command, and what its first operand may be.
  private static func words(_ table: CompletionTable) -> [String] {
    var lines = ["_jobctl_options() {", "  case \"$1\" in"]
    for row in table.rows {
      lines.append("    \(row.name)) words=\(joined(row.options.map(\.name))) ;;")
    }
    lines += ["  esac", "}", "_jobctl_operand() {", "  case \"$1\" in"]
    for row in table.rows where row.operand != .free {
      lines.append("    \(row.name)) \(assignment(row.operand)) ;;")
    }
    return lines + ["    help) words=\(joined(table.rows.map(\.name))) ;;", "  esac", "}"]
  }

  private static func choice(_ table: CompletionTable) -> [String] {
    [
      "_jobctl() {",
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]-}",
      "  local words='' files=none operands=0 index",
      "  COMPREPLY=()",
      "  # Bash takes --name=value apart at the equals sign.",
      "  if [ \"$word\" = = ]; then word=''; elif [ \"$before\" = = ]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi",
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then",
      "    words=\(joined(table.rows.map(\.name) + ["help"]))",
      "  elif ! _jobctl_value \"$command $before\"; then",
      "    if [ \"${word:0:1}\" = - ]; then",
      "      _jobctl_options \"$command\"",
      "    else",
      "      for ((index = 2; index < COMP_CWORD; index++)); do",
      "        if [ \"${COMP_WORDS[index]:0:1}\" != - ] && ! _jobctl_value \"$command ${COMP_WORDS[index - 1]}\"; then",
      "          operands=$((operands + 1))",
      "        fi",
      "      done",
      "      words='' files=none",
      "      if [ \"$operands\" -eq 0 ]; then _jobctl_operand \"$command\"; fi",
      "    fi",
      "  fi",
      "  if [ \"$files\" = none ]; then",
      "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")",
      "  else",
      "    compopt -o filenames 2>/dev/null",
      "    mapfile -t COMPREPLY < <(compgen -P \"$files\" -f -- \"${word#\"$files\"}\")",
      "  fi",
      "}",
    ]
  }

  private static func assignment(_ words: CompletionTable.Words) -> String {
    switch words {
    case .words(let words): "words=\(joined(words))"
    case .file: "files=''"
    case .fileBehindAt: "files=@"
    case .free: ":"
    }
  }

  private static func joined(_ words: [String]) -> String { single(words.joined(separator: " ")) }

  /// A text as one word of the shell.
  static func single(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }
}
