import Foundation
import TestSupport
import Testing

@testable import JobCtl

@Suite("Completion in shells")
struct CompletionTests {
  private let table = CompletionTable(Command.all)

  @Test("values and operands are read as the help writes them")
  func values() {
    #expect(CompletionTable.words("normal|high") == .words(["normal", "high"]))
    #expect(CompletionTable.words("list|show|requeue [ID...]") == .words(["list", "show", "requeue"]))
    #expect(CompletionTable.words("[PAYLOAD|@FILE|-]") == .fileBehindAt)
    #expect(CompletionTable.words("FILE") == .file && CompletionTable.words("[FILE]") == .file)
    for free in ["KIND", "ID", "", "N", "[-]"] {
      #expect(CompletionTable.words(free) == .free || CompletionTable.words(free) == .words([]), "\(free)")
    }
  }

  @Test("every command and every option that is parsed is completed, and nothing else")
  func complete() {
    #expect(table.rows.map(\.name) == Command.all.map(\.name))
    for (row, command) in zip(table.rows, Command.all) {
      let parsed = (command.options + Option.everywhere).map { "--" + $0.name } + ["--help"]
      #expect(row.options.map(\.name) == parsed)
      for option in row.options where option.value == .words([]) { Issue.record("\(row.name) \(option.name)") }
    }
  }

  /// Cases for both shells: the words of the line, the last one being completed, and what must and must not be offered.
  static let cases: [(line: [String], has: [String], lacks: [String])] = [
    ([""], ["enqueue", "completion", "dead"], ["--kind"]),
    (["que"], ["queues"], ["enqueue"]),
    (["help", "de"], ["dead"], ["queues"]),
    (["enqueue", "--p"], ["--priority"], ["--kind"]),
    (["enqueue", "--priority", ""], ["normal", "high"], ["--kind"]),
    (["enqueue", "--kind", ""], [], ["normal", "enqueue"]),
    (["dead", ""], ["list", "requeue", "export"], ["--queue"]),
    (["dead", "--queue", "proof", "re"], ["requeue"], ["list"]),
    (["dead", "--all", "pu"], ["purge"], []),
    (["dead", "requeue", ""], [], ["list", "requeue"]),
    (["dead", "requeue", "--"], ["--dry-run", "--help", "--json"], ["--watch"]),
    (["queues", "--w"], ["--watch"], ["--json"]),
    (["completion", ""], ["bash", "zsh"], []),
    (["nothing", ""], [], ["enqueue"]),
    (["nothing", "--"], [], ["--json"]),
  ]

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["payload one.json", "payload.csv"] { try folder.write("", to: name) }
    return folder
  }

  /// Completes lines in a shell that has read the code.
  private func offered(_ shell: String, _ script: String, _ code: String, _ words: [String]) async throws -> [String] {
    let folder = try folder()
    let file = try folder.write(code, to: "completion")
    let driver = try folder.write(script, to: "driver")
    let child = try ChildProcess(
      shell, (shell == "zsh" ? ["-f"] : ["--norc", "--noprofile"]) + [driver, file, "jobctl"] + words,
      folder: folder.path)
    #expect(try await child.waitForExit() == .status(0), "\(child.log)")
    #expect(child.errorLines.isEmpty, "\(child.log)")
    return child.outputLines.filter { !$0.isEmpty }
  }

  /// Bash itself fills COMP_WORDS and calls the function that `complete` names.
  private let bash = #"""
    set -u
    source "$1"
    shift
    [ "$(complete -p jobctl)" = 'complete -F _jobctl jobctl' ] || exit 9
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _jobctl
    printf '%s\n' "${COMPREPLY[@]-}"
    """#

  @Test("bash offers what fits", arguments: CompletionTests.cases.indices)
  func inBash(index: Int) async throws {
    let (line, has, lacks) = Self.cases[index]
    let offered = try await offered("bash", bash, BashCompletion.code(table), line)
    #expect(has.allSatisfy(offered.contains) && !lacks.contains(where: offered.contains), "\(line): \(offered)")
  }

  @Test("bash offers files where files stand, behind their @ too, and values behind an equals sign")
  func filesInBash() async throws {
    let code = BashCompletion.code(table)
    #expect(
      try await offered("bash", bash, code, ["get", "--token-file", "pay"]).sorted() == [
        "payload one.json", "payload.csv",
      ])
    #expect(try await offered("bash", bash, code, ["enqueue", "@payload."]) == ["@payload.csv"])
    #expect(try await offered("bash", bash, code, ["backfill", "payload."]) == ["payload.csv"])
    #expect(try await offered("bash", bash, code, ["enqueue", "--priority", "="]).sorted() == ["high", "normal"])
    #expect(try await offered("bash", bash, code, ["enqueue", "--priority", "=", "h"]) == ["high"])
  }

  @Test("shellcheck finds nothing in the code for bash")
  func shellcheck() async throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(BashCompletion.code(table), to: "completion")
    let result = try await Tool.run("shellcheck", ["--shell", "bash", file])
    #expect(result.status == 0, "\(result)")
  }

  /// Zsh completes on terminals alone, so what its completion system would do with the calls is printed here.
  private let zsh = #"""
    autoload -Uz compinit && compinit -D -u
    source "$1" || exit 8
    [[ $_comps[jobctl] == _jobctl ]] || exit 9
    shift
    compadd() { [[ $1 == -- ]] && shift; print -rl -- ${(M)@:#$PREFIX*} }
    _describe() { local each; for each in ${(P)2}; do [[ $each == $PREFIX* ]] && print -r -- ${each%%:*}; done; return 0 }
    _files() { print -r -- "files $*" }
    compset() { [[ $PREFIX == @* ]] }
    words=("$@")
    CURRENT=$#
    PREFIX=${@[-1]}
    _jobctl
    exit 0
    """#

  @Test("zsh offers what fits", arguments: CompletionTests.cases.indices)
  func inZsh(index: Int) async throws {
    let (line, has, lacks) = Self.cases[index]
    // In zsh `help` is no command of the table, and so offers nothing before its operand.
    let offered = try await offered("zsh", zsh, ZshCompletion.code(table), line)
    #expect(has.allSatisfy(offered.contains) && !lacks.contains(where: offered.contains), "\(line): \(offered)")
  }

  @Test("zsh offers files where files stand, behind their @ too")
  func filesInZsh() async throws {
    let code = ZshCompletion.code(table)
    #expect(try await offered("zsh", zsh, code, ["get", "--token-file", "pay"]) == ["files "])
    #expect(try await offered("zsh", zsh, code, ["enqueue", "@pay"]) == ["files "])
    #expect(try await offered("zsh", zsh, code, ["enqueue", "pay"]) == ["files -P @"])
  }
}
