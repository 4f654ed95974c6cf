import Jobs
import Sealing
import Service
import TestSupport
import Testing

@testable import Producer

@Suite("Sealed kinds")
struct SealedKindTests {
  private static func seal(_ hex: String) throws -> PayloadSeal {
    var bytes = try Hex.decode(hex)
    return PayloadSeal(key: SecretBytes(moving: &bytes))
  }

  @Test("a private payload never lies in Redis in the clear, nor in its files; worker and caller read it")
  func roundTrip() async throws {
    let redis = try RedisServer(.durable)
    try await withProducer(redis: redis) { producer in
      let canary = "canary-5f0c2a"
      let payload = #"{"user":"u1","content":"\#(canary)"}"#
      let id = try await producer.submitted(#"{"kind":"memory.store","payload":\#(payload)}"#)
      _ = try await producer.bulk(
        #"{"kind":"memory.store","payload":\#(payload),"ref":"r","idempotency_key":"\#(canary)"}"# + "\n")
      let stored = try #require(redis.command("HGET", "wc:{memory}:job:\(id)", "payload").text)
      #expect(PayloadSeal.isSealed(Array(stored.utf8)))
      let seal = try Self.seal(LiveProducer.payloadKey)
      let kind = try #require(KindName("memory.store"))
      #expect(try seal.open(Array(stored.utf8), .payload, id: id, kind: kind) == Array(payload.utf8))

      let result = #"{"memory_id":"m1","secret":"\#(canary)"}"#
      let worker = try producer.worker()
      for job in try worker.claim("memory") {
        let text = try seal.seal(Array(result.utf8), .result, id: job.id, kind: kind)
        try worker.settle([job], .success(text))
      }
      let answer = try await producer.http.get("/api/v1/jobs/\(id)")
      #expect(answer.text.contains(#""result":\#(result)"#))
      #expect(try await producer.http.get("/api/v1/jobs/\(id)/result").text == result)
      #expect(try Self.values(redis).allSatisfy { !$0.contains(canary) })
      redis.terminate()
      let files = try await Tool.run("grep", ["-rla", canary, redis.dataFolder])
      #expect(files.status == 1, "\(files.output)")
      #expect(producer.log.all.allSatisfy { !$0.contains(canary) })
    }
  }

  @Test("a seal under another key is no content of the answer but an error with an id for the log")
  func wrongKey() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted(#"{"kind":"memory.recall","payload":{"user":"u"}}"#)
      let kind = try #require(KindName("memory.recall"))
      let stranger = try Self.seal("8e1f0c9ab3d24f5577e6a1c02d93b4f86e5a7c1d2b3f4e5a6978c0d1e2f3a4b5")
      try producer.worker().finish(
        "memory", .success(try stranger.seal(Array("{}".utf8), .result, id: id, kind: kind)))
      let answer = try await producer.http.get("/api/v1/jobs/\(id)")
      #expect(answer.status == 500)
      #expect(answer.slug == "internal")
      let request = try #require(answer.json["request_id"].string)
      #expect(producer.log.all.contains { $0.contains(request) && $0.contains("PAYLOAD_KEY") })
    }
  }

  /// Everything that Redis holds, as text.
  private static func values(_ redis: RedisServer) throws -> [String] {
    try redis.command("KEYS", "*").elements.compactMap(\.text).flatMap { key -> [String] in
      switch try redis.command("TYPE", key).text {
      case "hash": try [key] + redis.command("HVALS", key).elements.compactMap(\.text)
      case "string": try [key, redis.command("GET", key).text ?? ""]
      default: [key]
      }
    }
  }
}
