import Testing

/// Each rule is shown a file that breaks it and one that does not: a rule that never bites proves nothing.
@Suite("The rules of the house bite")
struct RulesBiteTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let rule: @Sendable (SourceFile) -> [String]
    var path = "Sources/Transport/Sample.swift"
    let bad: String
    let good: String
    var testDescription: String { name }
  }

  static let samples = [
    Sample(name: "Foundation", rule: HouseRules.imports, bad: "import Foundation", good: "import Glibc"),
    Sample(name: "public import", rule: HouseRules.imports, bad: "public import Jobs", good: "public import CLinux"),
    Sample(
      name: "testable import", rule: HouseRules.imports, bad: "@testable import Jobs", good: "// import Jobs"),
    Sample(
      name: "import of one type", rule: HouseRules.imports, bad: "internal import struct Foundation.Date",
      good: "let text = \"import Foundation\""),
    Sample(name: "try!", rule: HouseRules.traps, bad: "let a = try! b()", good: "let a = try b() // try!"),
    Sample(name: "try?", rule: HouseRules.traps, bad: "let a = try? b()", good: "let a = \"try? it\""),
    Sample(name: "as!", rule: HouseRules.traps, bad: "a as! B", good: "a as? B"),
    Sample(name: "fatalError", rule: HouseRules.traps, bad: "fatalError(\"no\")", good: "/* fatalError() */"),
    Sample(name: "force unwrap", rule: HouseRules.forceUnwraps, bad: "let a = b!.c", good: "let a = !b && c != d"),
    Sample(name: "force unwrap of a call", rule: HouseRules.forceUnwraps, bad: "f(x)!", good: "print(\"done!\")"),
    Sample(name: "implicitly unwrapped", rule: HouseRules.forceUnwraps, bad: "var a: Int!", good: "if !a {}"),
    Sample(
      name: "unchecked", rule: HouseRules.unproven, bad: "final class A: @unchecked Sendable {}",
      good: "// Only the loop thread touches it.\nfinal class A: @unchecked Sendable {}"),
    Sample(
      name: "unsafe, with a comment that proves nothing", rule: HouseRules.unproven,
      bad: "// The table.\nnonisolated(unsafe) var a = 1",
      good: "// Written once, before any thread starts.\nnonisolated(unsafe) var a = 1"),
    Sample(name: "a key", rule: HouseRules.keys, bad: "let k = \"wc:{\\(q)}:ready\"", good: "let k = keys.ready"),
    Sample(name: "a key's end", rule: HouseRules.keys, bad: "prefix + \":ready\"", good: "log(\"ready: yes\")"),
    Sample(
      name: "a file name", rule: HouseRules.emptyNames, path: "Sources/Jobs/StringUtils.swift", bad: "", good: ""),
    Sample(name: "a type name", rule: HouseRules.emptyNames, bad: "struct JobManager {}", good: "struct Base64 {}"),
    Sample(name: "a type name's end", rule: HouseRules.emptyNames, bad: "enum SocketImpl {}", good: "enum Baseline {}"),
    Sample(name: "later", rule: HouseRules.promises, bad: "// TO" + "DO: more", good: "// to do is a verb"),
    Sample(
      name: "a script", rule: HouseRules.scriptHeader, path: "Sources/CAssets/lua/a.lua", bad: "-- KEYS 1\nreturn 1",
      good: "-- KEYS 1 the list\n-- ARGV none\n-- Returns the count\nreturn 1"),
    Sample(
      name: "a part of a script", rule: HouseRules.scriptHeader, path: "Sources/CAssets/lua/parts/a.lua",
      bad: "local a = 1", good: "-- the clock\nlocal a = 1"),
    Sample(
      name: "a path", rule: HouseRules.machinePaths, bad: "cd /" + "work/main",
      good: "net/http and https://a/" + "work/x"),
    Sample(
      name: "a sleep", rule: HouseRules.emptyTests, bad: "try await Task.sleep(for: .seconds(1))",
      good: "try await eventually(\"it sleeps\") { true }"),
    Sample(
      name: "a test left out", rule: HouseRules.emptyTests, bad: "@Test(.disabled(\"later\")) func a() {}",
      good: "@Test(.enabled(if: isLongRun)) func a() {}"),
  ]

  @Test("the bad sample is found, the good one passes", arguments: samples)
  func bite(_ sample: Sample) {
    #expect(!sample.rule(SourceFile(path: sample.path, text: sample.bad)).isEmpty)
    let good = sample.bad == sample.good ? "Sources/Transport/Sample.swift" : sample.path
    #expect(sample.rule(SourceFile(path: good, text: sample.good)) == [])
  }

  @Test("a word is found in code, comment and literal")
  func words() {
    for text in ["let job = 1", "// a job", "\"two jobs\""] {
      #expect(HouseRules.words("jobs?", in: SourceFile(path: "a.swift", text: text)).count == 1)
    }
  }

  @Test("literals are told from code")
  func literals() {
    let text =
      "let a = #\"x \"y\" \\#(z(\")\"))\"# + b // \"c\"\nlet d = \"\"\"\n  e \"f\"\n  \"\"\" /* \" /* g */ */ + h\n"
    let file = SourceFile(path: "a.swift", text: text)
    #expect(file.literals.map(\.line) == [1, 2])
    #expect(file.code[0] == "let a = #\"\"# + b ")
    #expect(file.code.joined().hasSuffix("\"\"\"  + h"), "\(file.code)")
    #expect(file.code.count == file.lines.count)
  }
}
