import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Nothing private lies open", .serialized)
  struct CanaryTests {
    /// A word that is nowhere else, for each field that may be private.
    static func canary(_ field: String) -> String { "kanarie\(field)7319" }
    static let number = "7319000000000000000000000000000000007319"

    @Test("the plaintext of sealed kinds is never in AOF, RDB, logs or metrics")
    func canaries() async throws {
      var settings = Stack.Settings()
      settings.redis.settings = ["--rdbcompression", "no"]
      let stack = try await Stack(settings)
      let c = Self.canary
      let stored = try await stack.run(
        "memory.store",
        #"{"user":"\#(c("user"))","content":"\#(c("content"))","tags":["\#(c("tag"))"],"category":{"finance":true,"health":true,"personal":true}}"#
      )
      let id = try #require(stored["memory_id"].string)
      let recalled = try await stack.run("memory.recall", #"{"user":"\#(c("user"))","memory_id":"\#(id)"}"#)
      #expect(recalled["content"].string == c("content"))

      // Jobs that end badly: a wrong field, a wrong type, an unknown memory; what waits; what was cut by a kill.
      let sealed = [
        (
          "memory.store",
          #"{"user":"\#(c("badUser"))","content":"\#(c("badContent"))","\#(c("field"))":"\#(c("value"))"}"#
        ),
        ("memory.recall", #"{"user":"\#(c("noUser"))","memory_id":"\#(c("noMemory"))"}"#),
        ("memory.verify", #"{"user":7,"memory_id":"\#(c("typed"))"}"#),
        ("memory.forget", #"{"user":"\#(c("forget"))"}"#),
        (
          "proof.policy",
          #"{"witness":{"content":"\#(c("witness"))","salt":"\#(Self.number)"},"flags":{"finance":true,"health":false,"personal":true}}"#
        ),
        ("proof.membership", #"{"leaf":"1","index":0,"path":["\#(Self.number)"]}"#),
        (
          "proof.policy",
          #"{"witness":{"content":"\#(Self.number)","salt":"1\#(Self.number)"},"flags":{"finance":true,"health":false,"personal":true}}"#
        ),
        (
          "proof.deletion",
          #"{"witness":{"content_hash":"\#(Self.number)","salt":"2\#(Self.number)","flags":{"finance":true,"health":false,"personal":true},"key_version":1},"requested_at":1}"#
        ),
        (
          "proof.access_history",
          #"{"witness":{"salt":"\#(Self.number)","entries":[{"accessor":"3\#(Self.number)","at":1}]},"accessor":"1","from":0,"to":9}"#
        ),
        ("proof.circom", #"{"key":"\#(c("key"))","witness":["1","\#(Self.number)"]}"#),
      ]
      for (kind, payload) in sealed {
        let answer = try await stack.submit(kind, payload, headers: ["Prefer": "wait=2"])
        #expect([200, 202, 422].contains(answer.status), "\(kind): \(answer)")
      }
      // The control: an open kind's payload is found by the same search.
      _ = try await stack.run("proof.inclusion", #"{"leaves":["4417000000004417"],"index":0}"#)
      #expect(try stack.redis.command("SAVE") == .simple("OK"))

      let metrics = try await stack.api.get("/metrics").text
      let places = try files(of: stack) + [("logs", Array(stack.logs.utf8)), ("metrics", Array(metrics.utf8))]
      #expect(places.contains { $0.name.hasSuffix(".rdb") } && places.contains { $0.name.contains("aof") })
      #expect(places.filter { contains($0.bytes, "4417000000004417") }.count >= 2, "the control was not found")
      let words = ["kanarie", Self.number, Stack.base["ENCRYPTION_KEY"] ?? "?"]
      for place in places {
        for word in words { #expect(!contains(place.bytes, word), "\(word) lies open in \(place.name)") }
      }
    }

    private func files(of stack: Stack) throws -> [(name: String, bytes: [UInt8])] {
      let folder = stack.redis.dataFolder
      return try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap { name in
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
        return (name, Array(data))
      }
    }

    private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
      Data(bytes).range(of: Data(word.utf8)) != nil
    }
  }
}
