import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Proofs", .serialized)
  struct ProofJobsTests {
    private static let none = #"{"finance":false,"health":false,"personal":false}"#

    /// What stands between two texts.
    private func part(of text: String, from start: String, to end: String) throws -> String {
      let tail = try #require(text.range(of: start).map { text[$0.upperBound...] }, "\(start) is not in \(text)")
      return String(tail[..<(try #require(tail.range(of: end)?.lowerBound))])
    }

    @Test("a proof holds under the key that the API serves, and no longer with another signal")
    func policy() async throws {
      let stack = try await Stack()
      let id = try await stack.enqueue(
        "proof.policy", #"{"witness":{"content":"1","salt":"2"},"flags":\#(Self.none)}"#)
      let job = try await stack.finished(id)
      let result = job["result"]
      #expect(result["verified"].bool == true && result["allowed"].bool == true, "\(job)")
      #expect(result["public_signals"].elements.map(\.string).prefix(1) == ["1"])

      let circuits =
        try await eventually("the circuits are published") {
          let circuits = try await stack.api.get("/api/v1/circuits").json["circuits"].elements
          return circuits.count == 6 ? circuits : nil
        } as [JSONTree]
      let circuit = try #require(circuits.first { $0["name"].string == "memory_pattern" })
      #expect(circuit["key_id"] == result["key_id"] && circuit["origin"].string == "insecure-dev")
      let key = try await stack.api.get("/api/v1/circuits/memory_pattern/verification_key")
      let sum = try await Tool.output(
        of: "python3",
        ["-c", "import hashlib,sys;print(hashlib.sha256(sys.argv[1].encode()).hexdigest())", key.text])
      #expect(sum.hasPrefix(result["key_id"].string ?? "none"))
      #expect(key.headers["etag"] == "\"\(sum.prefix(64))\"")

      let text = try await stack.api.get("/api/v1/jobs/\(id)/result").text
      let proof = try part(of: text, from: #""proof":"#, to: #","public_signals""#)
      let signals = try part(of: text, from: #""public_signals":"#, to: #","verified""#)
      for checker in [#""circuit":"memory_pattern""#, #""verification_key":\#(key.text)"#] {
        let good = try await stack.run(
          "proof.verify", #"{\#(checker),"proof":\#(proof),"public_signals":\#(signals)}"#)
        #expect(good["valid"].bool == true, "\(good)")
        let altered = signals.replacingOccurrences(of: #"["1","#, with: #"["0","#)
        let bad = try await stack.run(
          "proof.verify", #"{\#(checker),"proof":\#(proof),"public_signals":\#(altered)}"#)
        #expect(bad["valid"].bool == false && bad["reason"].string == "equation_fails", "\(bad)")
      }
    }

    @Test("a stored memory is proved about until it is forgotten; its nullifier is the one that forgetting answers")
    func stored() async throws {
      let stack = try await Stack()
      let stored = try await stack.run(
        "memory.store",
        #"{"user":"ada","content":"tea","category":{"finance":true,"health":false,"personal":false}}"#)
      let id = try #require(stored["memory_id"].string)
      let memory = #""user":"ada","memory_id":"\#(id)""#
      let policy = try await stack.run("proof.policy", #"{\#(memory),"context":"42"}"#)
      let commitment = stored["commitment"].string
      #expect(policy["circuit"].string == "memory_policy" && policy["allowed"].bool == true, "\(policy)")
      #expect(policy["public_signals"].elements.map(\.string) == ["1", commitment, "42"])
      // Another context is another statement; the same one comes from the cache.
      #expect(try await stack.run("proof.policy", #"{\#(memory),"context":"42"}"#) == policy)
      #expect(try await stack.run("proof.policy", #"{\#(memory),"context":"43"}"#) != policy)

      let forbidden = #"{"finance":true,"health":false,"personal":false}"#
      let compliance = try await stack.run(
        "proof.compliance", #"{\#(memory),"min_key_version":1,"forbidden":\#(forbidden)}"#)
      #expect(compliance["compliant"].bool == false && compliance["verified"].bool == true, "\(compliance)")

      let deletion = try await stack.run("proof.deletion", #"{\#(memory)}"#)
      let signals = deletion["public_signals"].elements.map(\.string)
      #expect(signals[1] == commitment && signals[3] == "0", "\(deletion)")
      let asked = try #require(signals[2].flatMap { Double($0) })
      #expect(abs(asked - Date().timeIntervalSince1970) < 600)
      let forgotten = try await stack.run("memory.forget", "{\(memory)}")
      #expect(forgotten["nullifiers"][0] == deletion["nullifier"] && deletion["nullifier"].string == signals[0])

      let gone = try await stack.submit("proof.policy", "{\(memory)}", headers: ["Prefer": "wait=20"])
      #expect(gone.json["state"].string == "dead" && gone.json["attempts"].int == 1, "\(gone)")
      #expect(gone.json["error"]["message"].string?.hasPrefix("memory_not_found") == true, "\(gone)")
    }

    @Test("an access history is counted between its instants, for its accessor")
    func history() async throws {
      let stack = try await Stack()
      let entries = #"[{"accessor":"7","at":100},{"accessor":"8","at":150},{"accessor":"7","at":200}]"#
      let result = try await stack.run(
        "proof.access_history",
        #"{"witness":{"salt":"5","entries":\#(entries)},"accessor":"7","from":100,"to":199}"#)
      #expect(result["count"].int == 1 && result["public_signals"][1].string == "1", "\(result)")
    }

    @Test("what can never be proved ends at its first attempt", .timeLimit(.minutes(2)))
    func refused() async throws {
      let stack = try await Stack()
      let path = (0..<20).map { _ in "\"0\"" }.joined(separator: ",")
      let cases = [
        ("proof.membership", #"{"leaf":"0","index":0,"path":[\#(path)]}"#, "empty_leaf"),
        ("proof.policy", #"{"witness":{"content":"01","salt":"2"},"flags":\#(Self.none)}"#, "invalid_payload"),
        ("proof.circom", #"{"key":"nobodys","witness":["1"]}"#, "unknown_key"),
        ("proof.verify", #"{"circuit":"memory_pattern","proof":{},"public_signals":[]}"#, "malformed_document"),
      ]
      for (kind, payload, code) in cases {
        let answer = try await stack.submit(kind, payload, headers: ["Prefer": "wait=20"])
        #expect(answer.json["state"].string == "dead" && answer.json["attempts"].int == 1, "\(answer)")
        #expect(answer.json["error"]["message"].string?.hasPrefix("\(code): ") == true, "\(answer)")
      }
    }

    @Test("production starts with no development key: not without a folder's manifest, not with one of such keys")
    func production() async throws {
      let folder = try TemporaryFolder()
      let keys = folder.file("keys")
      let stack = try await Stack(.workers(1, ["PROOF_KEYS_DIR": keys]))
      _ = try await stack.run("proof.policy", #"{"witness":{"content":"1","salt":"2"},"flags":\#(Self.none)}"#)
      #expect(FileManager.default.fileExists(atPath: keys + "/memory_pattern.zkey"))
      let empty = folder.file("empty")
      try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
      for (path, word) in [(keys, "insecure-dev"), (empty, "manifest.json"), (folder.file("missing"), "manifest.json")]
      {
        for arguments in [[], ["--check"]] {
          let environment = Stack.base.merging([
            "APP_ENV": "production", "TEST_KINDS": "false", "PROOF_KEYS_DIR": path, "REDIS_URL": stack.redis.url,
            "METRICS_PORT": "off",
          ]) { $1 }
          let result = try await Tool.run(try BuiltPrograms.worker, arguments, environment: environment)
          #expect(result.status == 78, "\(path) \(arguments): \(result)")
          #expect(result.error.contains("PROOF_KEYS_DIR") && result.error.contains(word), "\(result)")
        }
      }
    }

    @Test("circuits that Redis has lost are published again when it is back")
    func lostCircuits() async throws {
      let stack = try await Stack()
      func count() async throws -> Int {
        try await stack.api.get("/api/v1/circuits").json["circuits"].elements.count
      }
      try await eventually("the circuits are published") { try await count() == 6 }
      try stack.redis.command("DEL", "wc:circuits")
      #expect(try await count() == 0)
      try stack.redis.restart()
      try await eventually("the circuits are published again") { try await count() == 6 }
    }

    @Test("proofs are counted, and all their metrics are there before the first")
    func metrics() async throws {
      let stack = try await Stack(.workers(0))
      let log = try await stack.startWorker().log
      let worker = PlainHTTP(port: try #require(Int(try part(of: log, from: #""port":"#, to: "}"))))
      let names = [
        "zk_proof_errors_total", "whispercache_proofs_generated", "whispercache_proofs_verified",
        "whispercache_proof_cache_hits_total", "whispercache_proof_cache_misses_total",
        "whispercache_proof_cache_hit_rate",
      ]
      let before = try await worker.get("/metrics").text
      for name in names { #expect(before.contains("\n\(name) 0\n"), "\(name)") }
      let payload = #"{"witness":{"content":"1","salt":"2"},"flags":\#(Self.none)}"#
      for _ in 0..<2 { _ = try await stack.run("proof.policy", payload) }
      let after = try await worker.get("/metrics").text
      for line in [
        "whispercache_proofs_generated 1", "whispercache_proof_cache_hits_total 1",
        "whispercache_proof_cache_misses_total 1", "whispercache_proof_cache_hit_rate 0.5",
        #"zk_proof_duration_seconds_count{circuit="memory_pattern",phase="h"} 1"#,
      ] {
        #expect(after.contains("\n\(line)\n"), "\(line)")
      }
    }
  }
}
