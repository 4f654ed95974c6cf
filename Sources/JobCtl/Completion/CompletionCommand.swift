import Service
import Transport

/// `jobctl completion`: prints the code that makes a shell complete jobctl's commands and options.
enum CompletionCommand {
  static let completion = Command(
    name: "completion", operands: "bash|zsh", operandCount: 1...1,
    summary: "print the code that completes jobctl in a shell",
    examples: ["completion bash >/etc/bash_completion.d/jobctl", "completion zsh >~/.zsh/_jobctl"]
  ) { (call) throws(ProgramEnd) in
    let table = CompletionTable(Command.all)
    switch call.arguments.operands[0] {
    case "bash": return ProgramEnd(.success, output: BashCompletion.code(table))
    case "zsh": return ProgramEnd(.success, output: ZshCompletion.code(table))
    default: throw .usage("usage: jobctl completion bash | zsh")
    }
  }
}
