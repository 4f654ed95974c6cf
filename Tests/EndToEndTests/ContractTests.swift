import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The API against its own description, `/openapi.json`.
  @Suite("The description of the API", .serialized)
  struct ContractTests {
    private static func seed() -> UInt32 { UInt32(truncatingIfNeeded: SeededGenerator().seed) }

    /// The description as the producer serves it, in a file.
    private static func served(_ stack: Stack, in folder: TemporaryFolder) async throws -> String {
      try folder.write(try await stack.api.get("/openapi.json").text, to: "openapi.json")
    }

    @Test("is valid OpenAPI, and its examples are what its schemas say")
    func valid() async throws {
      let folder = try TemporaryFolder()
      let stack = try await Stack(.workers(0))
      let file = try await Self.served(stack, in: folder)
      let script = "\(ContractRun.folder)/description.py"
      let count = try await Tool.output(of: Oracles.python, ["-B", script, file])
      #expect(try #require(Int(count)) > 30)
      // The check bites: an example of another shape, and a document that is no OpenAPI.
      let text = try String(contentsOfFile: file, encoding: .utf8)
      for (part, other) in [
        (#""max_depth": 10000,"#, #""max_depth": "x","#), (#""openapi": "3.1.0""#, #""openapi": 3"#),
      ] {
        #expect(text.contains(part))
        let spoilt = try folder.write(text.replacing(part, with: other), to: "spoilt.json")
        #expect(try await Tool.run(Oracles.python, ["-B", script, spoilt]).status == 1, "\(other)")
      }
    }

    @Test("holds for everything that schemathesis sends, one call or several that follow each other")
    func holds() async throws {
      let folder = try TemporaryFolder()
      let stack = try await Stack(.workers(1))
      let run = ContractRun(stack: stack, description: try await Self.served(stack, in: folder), seed: Self.seed())
      let outcome = try await run.run(
        isLongRun ? ["--max-examples", "150", "--max-time", "900"] : ["--max-examples", "15", "--no-shrink"],
        within: .seconds(isLongRun ? 2400 : 400))
      #expect(outcome.isClean(atLeast: 1500), "WC_SEED=\(run.seed): \(outcome)\n\(stack.logs.suffix(2000))")
      #expect(stack.allRun)
    }

    @Test("holds where keys are needed: no call that names a scope goes without one")
    func guarded() async throws {
      let folder = try TemporaryFolder()
      let key = try await Tool.output(of: "openssl", ["rand", "-hex", "32"])
      let hash = try await Tool.output(of: "openssl", ["dgst", "-sha256", "-r"], input: key).prefix(64)
      let keys = try folder.write("operator \(hash) admin\n", to: "keys")
      let stack = try await Stack(.workers(1, ["API_KEYS_FILE": keys, "AUTH_FAILURE_LIMIT": "off"]))
      let run = ContractRun(
        stack: stack, description: try await Self.served(stack, in: folder), seed: Self.seed(), key: key)
      let options = ["--max-examples", isLongRun ? "50" : "3", "--no-shrink"] + Self.singleCalls
      let outcome = try await run.run(options, within: .seconds(400))
      #expect(outcome.isClean(atLeast: 1000), "WC_SEED=\(run.seed): \(outcome)\n\(stack.logs.suffix(2000))")
    }

    /// Leaves out what needs several operations.
    private static let singleCalls = ["--phases", "examples,coverage,fuzzing"]

    /// One line of the description that says something else than the API does.
    struct Lie: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let operation: String
      /// Where, from the root of the document; the last one is the member that changes.
      let path: [String]
      /// What stands there then, as JSON; nil takes it away.
      let value: String?
      /// What the finding is called.
      let finding: String
    }

    static let lies = [
      Lie(
        testDescription: "a status that is not declared", operation: "getJob",
        path: ["paths", "/api/v1/jobs/{id}", "get", "responses", "404"], value: nil, finding: "Undocumented status code"
      ),
      Lie(
        testDescription: "a field of another type", operation: "getVersion",
        path: ["components", "schemas", "Version", "properties", "version"], value: #"{"type":"integer"}"#,
        finding: "Response violates schema"),
      Lie(
        testDescription: "a field that is not told", operation: "readyz",
        path: ["components", "schemas", "ReadinessCheck", "properties", "detail"], value: nil,
        finding: "Response violates schema"),
      Lie(
        testDescription: "a header that does not come", operation: "getStatistics",
        path: ["paths", "/api/v1/stats", "get", "responses", "200", "headers", "Deprecation"],
        value: #"{"required":true,"schema":{"type":"string"}}"#, finding: "Missing required response headers"),
      Lie(
        testDescription: "another content type", operation: "livez",
        path: ["paths", "/livez", "get", "responses", "200", "content"],
        value: #"{"text/html":{"schema":{"type":"string"}}}"#,
        finding: "Undocumented Content-Type"),
      Lie(
        testDescription: "a bound that is too wide", operation: "submitJob",
        path: ["components", "schemas", "JobRequest", "properties", "max_attempts", "maximum"], value: "1000",
        finding: "Schema-valid request rejected"),
      Lie(
        testDescription: "a field that is not needed", operation: "submitJob",
        path: ["components", "schemas", "JobRequest", "required"], value: #"["kind","payload","priority"]"#,
        finding: "Schema-violating request accepted"),
      Lie(
        testDescription: "that keys are needed", operation: "getStatistics",
        path: ["paths", "/api/v1/stats", "get", "security"], value: #"[{"bearer":[]}]"#,
        finding: "API accepts requests without authentication"),
    ]

    @Test("is found out wherever it says something else than the API does")
    func lies() async throws {
      let folder = try TemporaryFolder()
      let stack = try await Stack(.workers(1))
      let served = try await Self.served(stack, in: folder)
      let text = try String(contentsOfFile: served, encoding: .utf8)
      for lie in Self.lies {
        let root = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let changed = try Self.changed(root, lie.path[...], lie.value)
        let bytes = try JSONSerialization.data(withJSONObject: changed)
        let file = try folder.write(String(decoding: bytes, as: UTF8.self), to: "lie.json")
        let outcome = try await ContractRun(stack: stack, description: file, seed: 1).run(
          ["--include-operation-id", lie.operation, "--max-examples", "20", "--no-shrink"] + Self.singleCalls,
          within: .seconds(120))
        #expect(outcome.status == 1 && outcome.output.contains(lie.finding), "\(lie.testDescription): \(outcome)")
      }
    }

    /// A document with one member set or taken away.
    private static func changed(_ node: Any, _ path: ArraySlice<String>, _ value: String?) throws -> Any {
      var object = try #require(node as? [String: Any])
      let name = try #require(path.first)
      if path.count > 1 {
        object[name] = try changed(try #require(object[name], "\(name)"), path.dropFirst(), value)
      } else {
        object[name] = try value.map {
          try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
        }
      }
      return object
    }
  }
}
