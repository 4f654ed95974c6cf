import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Proofs that others check", .serialized)
  struct PublishedProofTests {
    @Test("the README's script, with py_ecc alone, accepts a proof of the running system, and none of its altered ones")
    func readme() async throws {
      let stack = try await Stack()
      let result = try await stack.run("proof.policy", Self.policy)
      #expect(result["allowed"].bool == true && result["verified"].bool == true, "\(result)")
      #expect(result["circuit"].string == "memory_pattern")

      let folder = try TemporaryFolder()
      let script = "\(folder.path)/verify.py"
      try Self.script().write(toFile: script, atomically: true, encoding: .utf8)
      let key = "\(folder.path)/key.json"
      try await Self.servedKey(of: "memory_pattern", stack).write(toFile: key, atomically: true, encoding: .utf8)

      // The result as the API gives it, byte for byte.
      let id = try await stack.enqueue("proof.policy", Self.policy)
      _ = try await stack.finished(id)
      let published = try await stack.api.get("/api/v1/jobs/\(id)/result")
      try #require(published.status == 200, "\(published)")
      #expect(try await Self.verdict(script, key, published.text, in: folder) == "True")

      let signals = published.json["public_signals"].elements.compactMap(\.string)
      #expect(signals == ["1", Self.commitment, Self.commitment, "0", "1", "0"])
      for index in signals.indices {
        var altered = signals
        altered[index] = signals[index] == "1" ? "0" : "1"
        #expect(
          try await Self.verdict(script, key, try Self.replacingSignals(published.text, altered), in: folder)
            == "False", "signal \(index)")
      }
    }

    static let policy =
      #"{"witness":{"content":"1","salt":"2"},"flags":{"finance":false,"health":true,"personal":false}}"#
    /// Poseidon(1, 2), as other implementations compute it.
    private static let commitment = "7853200120776062878684798364095072458815029376092732009249414926327459813530"

    /// The verification key as the API serves it; a worker publishes it soon after its start.
    static func servedKey(of circuit: String, _ stack: Stack) async throws -> String {
      try await eventually(
        within: .seconds(30), "the key of \(circuit) is served",
        value: {
          let answer = try await stack.api.get("/api/v1/circuits/\(circuit)/verification_key")
          return answer.status == 200 ? answer.text : nil
        })
    }

    /// The one Python block of the README.
    private static func script() throws -> String {
      let readme = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("README.md")
      let parts = try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "```python\n")
      try #require(parts.count == 2)
      return try #require(parts[1].components(separatedBy: "```").first)
    }

    private static func verdict(
      _ script: String, _ key: String, _ result: String, in folder: TemporaryFolder
    ) async throws -> String {
      let path = "\(folder.path)/result.json"
      try result.write(toFile: path, atomically: true, encoding: .utf8)
      return try await Tool.output(of: Oracles.python, [script, key, path])
    }

    private static func replacingSignals(_ result: String, _ signals: [String]) throws -> String {
      var object = try #require(try JSONSerialization.jsonObject(with: Data(result.utf8)) as? [String: Any])
      object["public_signals"] = signals
      return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
  }
}
