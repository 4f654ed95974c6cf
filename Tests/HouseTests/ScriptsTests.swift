import Foundation
import TestSupport
import Testing

@Suite("The scripts")
struct ScriptsTests {
  static let scripts = [".ci", "scripts"].flatMap { House.files(under: $0) }.filter { $0.text.hasPrefix("#!") }

  @Test("each can be executed, by an interpreter found in PATH", arguments: scripts)
  func executable(_ script: SourceFile) {
    #expect(FileManager.default.isExecutableFile(atPath: House.root.appendingPathComponent(script.path).path))
    #expect(script.lines[0].hasPrefix("#!/usr/bin/env "), "\(script.path): \(script.lines[0])")
  }

  @Test(
    "each shell script parses and stops at its first error", arguments: scripts.filter { $0.lines[0].contains("bash") })
  func shell(_ script: SourceFile) async throws {
    let path = House.root.appendingPathComponent(script.path).path
    try await Tool.output(of: "bash", ["-n", path])
    #expect(script.text.contains("set -euo pipefail"), "\(script.path)")
  }

  @Test("the benchmarks' arithmetic is right")
  func harness() async throws {
    let folder = House.root.appendingPathComponent("Benchmarks/harness").path
    let result = try await Tool.run("python3", ["-m", "unittest", "discover", "-s", folder])
    #expect(result.status == 0, "\(result)")
  }

  @Test(
    "those that everybody uses are there and explain themselves",
    arguments: ["scripts/test", "scripts/run", "scripts/bench"])
  func help(_ path: String) async throws {
    let full = House.root.appendingPathComponent(path).path
    #expect(try await Tool.output(of: full, ["--help"]).contains("Usage: \(path)"))
    #expect(try await Tool.run(full, ["--no-such-option"]).status == 2)
  }
}
