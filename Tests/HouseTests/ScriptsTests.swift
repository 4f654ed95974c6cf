import Foundation
import TestSupport
import Testing

@Suite("The scripts")
struct ScriptsTests {
  static let scripts = [".ci", "scripts", "ops"].flatMap { House.files(under: $0) }.filter { $0.text.hasPrefix("#!") }

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

  @Test("shellcheck finds nothing in any of them")
  func shellcheck() async throws {
    let paths = Self.scripts.filter { $0.lines[0].contains("bash") }.map(\.path)
    let result = try await Tool.run(
      "env", ["--chdir", House.root.path, "shellcheck", "--external-sources"] + paths)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test("the benchmarks' arithmetic is right")
  func harness() async throws {
    let folder = House.root.appendingPathComponent("Benchmarks/harness").path
    let result = try await Tool.run("python3", ["-m", "unittest", "discover", "-s", folder])
    #expect(result.status == 0, "\(result)")
  }

  @Test(
    "those that everybody uses are there and explain themselves",
    arguments: [
      "scripts/test", "scripts/run", "scripts/bench", "scripts/pin-keys", "scripts/verify-ops",
      "scripts/autoscale-sim", "scripts/write-settings",
      "scripts/backup-redis", "scripts/restore-redis", "scripts/restore-drill",
    ])
  func help(_ path: String) async throws {
    let full = House.root.appendingPathComponent(path).path
    #expect(try await Tool.output(of: full, ["--help"]).contains("Usage: \(path)"))
    #expect(try await Tool.run(full, ["--no-such-option"]).status == 2)
  }

  /// The lines of a file of requirements, less its comments.
  private func requirements(_ path: String) throws -> [String] {
    let lines = try #require(House.file(at: path)).lines
    return lines.filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("#") && !$0.isEmpty }
  }

  @Test(
    "each Python environment has exact versions of exact files",
    arguments: ["Tests/Oracles/requirements.txt"] + House.files(under: "ops/tests/requirements").map(\.path))
  func exactVersions(_ path: String) throws {
    for line in try requirements(path) {
      let isRequirement = line.wholeMatch(of: /[a-z0-9-]+==[0-9.]+(\.post[0-9]+)? \\/) != nil
      let isHash = line.wholeMatch(of: #/ {4}--hash=sha256:[0-9a-f]{64}( \\)?/#) != nil
      #expect(isRequirement || isHash, "\(line)")
    }
  }

  @Test("the tests' Python is the one that they need")
  func python() async throws {
    let lines = try requirements("Tests/Oracles/requirements.txt")
    for wanted in [
      "py-ecc==8.0.0", "groth16py==0.2.0", "selenium==4.51.0", "opentelemetry-proto==1.45.2", "schemathesis==4.32.5",
    ] {
      #expect(lines.contains(wanted + " \\"))
    }
    let versions = try await Tool.output(
      of: Oracles.python, ["-c", "from importlib.metadata import version as v; print(v('py_ecc'), v('groth16py'))"])
    #expect(versions == "8.0.0 0.2.0")
  }
}
