import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Settings of the programs", .serialized)
  struct ConfigurationTests {
    struct Case: Sendable, CustomTestStringConvertible {
      let program: String
      let environment: [String: String]
      var testDescription: String { program }
    }

    static let wrongSettings = [
      Case(
        program: "producer",
        environment: [
          "PORT": "abc", "METRICS_PORT": "70000", "REDIS_URL": "redis:/nowhere", "LOG_LEVEL": "loud",
          "MAX_PAYLOAD_BYTES": "-1",
        ]),
      Case(
        program: "worker",
        environment: [
          "METRICS_PORT": "-1", "REDIS_URL": "http://x", "CONCURRENCY": "many", "LEASE": "15",
          "ENCRYPTION_KEY": "changeme",
        ]),
    ]

    @Test("a wrong environment ends with 78 and names every wrong variable at once", arguments: wrongSettings)
    func wrong(_ sample: Case) async throws {
      let child = try ChildProcess(
        try BuiltPrograms.path(of: sample.program), environment: Stack.base.merging(sample.environment) { $1 },
        inherits: false)
      #expect(try await child.waitForExit() == .status(78), "\(child.tail)")
      for name in sample.environment.keys { #expect(child.log.contains(name), "\(name) is not named:\n\(child.tail)") }
      #expect(!child.log.contains("changeme"))
    }

    @Test("production without its secrets does not start", arguments: ["producer", "worker"])
    func production(_ program: String) async throws {
      let child = try ChildProcess(
        try BuiltPrograms.path(of: program),
        environment: ["PATH": "/usr/bin:/bin", "APP_ENV": "production", "REDIS_URL": "redis://127.0.0.1:1/0"],
        inherits: false)
      #expect(try await child.waitForExit() == .status(78), "\(child.tail)")
      for name in program == "worker" ? ["ENCRYPTION_KEY", "PROOF_KEYS_DIR"] : ["PAYLOAD_KEY"] {
        #expect(child.log.contains(name), "\(child.tail)")
      }
    }

    @Test("help, version and the settings are printed without a Redis", arguments: ["producer", "worker"])
    func printing(_ program: String) async throws {
      let path = try BuiltPrograms.path(of: program)
      for (flag, word) in [("--help", "REDIS_URL"), ("--print-config", "REDIS_URL"), ("--version", "0.1")] {
        let result = try await Tool.run(path, [flag], environment: Stack.base)
        #expect(result.status == 0 && !result.output.isEmpty && result.output.contains(word), "\(flag): \(result)")
        #expect(!result.output.contains(Stack.base["ENCRYPTION_KEY"] ?? ""))
      }
      #expect(try await Tool.run(path, ["--no-such-flag"], environment: Stack.base).status == 2)
    }

    @Test("the page of settings is what the programs say of themselves")
    func page() async throws {
      let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let result = try await Tool.run(
        root.appendingPathComponent("scripts/write-settings").path, ["--check"],
        environment: ["WC_BIN_DIR": BuiltPrograms.folder])
      #expect(result.status == 0, "\(result.output)\n\(result.error)")
    }

    @Test("the worker writes its circuits for those who make keys, and takes no other words")
    func export() async throws {
      let folder = try TemporaryFolder()
      let result = try await Tool.run(
        try BuiltPrograms.worker, ["export-circuits", folder.path], environment: Stack.base)
      #expect(result.status == 0, "\(result)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(
        files == [
          "access_history.r1cs", "compliance.r1cs", "deletion.r1cs", "membership.r1cs", "memory_pattern.r1cs",
          "memory_policy.r1cs",
        ])
      for file in files {
        let bytes = try #require(FileManager.default.contents(atPath: folder.file(file)))
        #expect(bytes.starts(with: Array("r1cs".utf8)), "\(file)")
      }
      for words in [["export-circuits"], ["export", folder.path], ["export-circuits", folder.path, "x"]] {
        #expect(try await Tool.run(try BuiltPrograms.worker, words, environment: Stack.base).status == 2)
      }
      let missing = ["export-circuits", folder.file("missing")]
      #expect(try await Tool.run(try BuiltPrograms.worker, missing, environment: Stack.base).status == 1)
    }
  }
}
