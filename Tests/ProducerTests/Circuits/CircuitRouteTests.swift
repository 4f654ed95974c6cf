import Jobs
import Sealing
import TestSupport
import Testing

@testable import Producer

@Suite("Circuits")
struct CircuitRouteTests {
  private static let key = Array(#"{"nPublic":1, "IC":[["1","2","1"]]}"#.utf8)

  static func publish(_ name: String, in redis: RedisServer, keyID: String? = nil) throws -> String {
    let id = try keyID ?? Hex.string(Digest.sha256.hash(key))
    let entry = CircuitEntry(
      name: name, keyID: id, origin: "insecure-dev", publicSignals: ["allowed", "context"], constraints: 12,
      verificationKey: key)
    try redis.command(bytes: [Array("HSET".utf8), Array("wc:circuits".utf8), Array(name.utf8), entry.json])
    return id
  }

  @Test("circuits are listed with their keys' ids, and without the keys")
  func list() async throws {
    try await withProducer { producer async throws in
      #expect(try await producer.http.get("/api/v1/circuits").json["circuits"].elements.isEmpty)
      let id = try Self.publish("policy", in: producer.redis)
      let answer = try await producer.http.get("/api/v1/circuits")
      #expect(answer.status == 200)
      let circuits = answer.json["circuits"].elements
      #expect(circuits.count == 1)
      let circuit = try #require(circuits.first)
      #expect(circuit["name"].string == "policy" && circuit["key_id"].string == id)
      #expect(circuit["origin"].string == "insecure-dev" && circuit["constraints"].int == 12)
      #expect(circuit["public_signals"].elements.map(\.string) == ["allowed", "context"])
      #expect(circuit["links"]["verification_key"].string == "/api/v1/circuits/policy/verification_key")
      #expect(!answer.text.contains("nPublic"))
      #expect(try await producer.http.get("/api/v1/circuits?x=1").status == 400)
    }
  }

  @Test("a verification key is answered byte for byte, its id is its tag")
  func verificationKey() async throws {
    try await withProducer { producer async throws in
      let id = try Self.publish("policy", in: producer.redis)
      let path = "/api/v1/circuits/policy/verification_key"
      let answer = try await producer.http.get(path)
      #expect(answer.status == 200)
      #expect(Array(answer.text.utf8) == Self.key)
      #expect(answer.headers["etag"] == "\"\(id)\"")
      let again = try await producer.http.get(path, ["If-None-Match": "\"\(id)\""])
      #expect(again.status == 304 && again.text.isEmpty)
      #expect(try await producer.http.get(path, ["If-None-Match": "\"other\""]).status == 200)
    }
  }

  @Test("a name that nobody published is 404", arguments: ["nothing", "A", "a.b", "%7Bx%7D"])
  func unknown(name: String) async throws {
    try await withProducer { producer async throws in
      let answer = try await producer.http.get("/api/v1/circuits/\(name)/verification_key")
      #expect(answer.status == 404)
      #expect(answer.slug == "circuit-not-found")
    }
  }

  @Test("a key whose bytes are not those of its id is not handed out")
  func changedByHand() async throws {
    try await withProducer { producer async throws in
      _ = try Self.publish("policy", in: producer.redis, keyID: String(repeating: "0", count: 64))
      #expect(try await producer.http.get("/api/v1/circuits/policy/verification_key").status == 404)
      #expect(try await producer.http.get("/api/v1/circuits").json["circuits"].elements.isEmpty)
    }
  }

  @Test("a lost Redis is 503, not an empty list")
  func lost() async throws {
    try await withProducer { producer async throws in
      producer.redis.kill()
      let answer = try await producer.http.get("/api/v1/circuits")
      #expect(answer.status == 503)
      #expect(answer.slug == "store-unavailable")
    }
  }
}
