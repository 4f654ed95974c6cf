import Foundation
import Jobs
import TestSupport
import Testing

@Suite("Registry of circuits")
struct CircuitRegistryTests {
  /// Blanks and all: the bytes count.
  private static let key = Array(#"{"nPublic":1, "IC":[["1","2","1"]]}"#.utf8)

  private static func keyID(of key: [UInt8]) async throws -> String {
    let program = "import hashlib,sys;print(hashlib.sha256(sys.argv[1].encode()).hexdigest())"
    let output = try await Tool.output(of: "python3", ["-c", program, String(decoding: key, as: UTF8.self)])
    return String(output.prefix(64))
  }

  private static func entry(_ name: String, key: [UInt8] = key) async throws -> CircuitEntry {
    CircuitEntry(
      name: name, keyID: try await keyID(of: key), origin: "insecure-dev", publicSignals: ["out", "in"],
      constraints: 7, verificationKey: key)
  }

  @Test("what is published is read back, the key byte for byte, and a later one replaces it")
  func roundTrip() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let registry = CircuitRegistry(fixture.store)
      #expect(try await registry.all() == [])
      #expect(try await registry.entry("b_1") == nil)
      try await registry.publish([])
      let (one, two) = (try await Self.entry("b_1"), try await Self.entry("a"))
      try await registry.publish([one, two])
      #expect(try await registry.all() == [two, one])
      #expect(try await registry.entry("b_1") == one)
      let changed = try await Self.entry("a", key: Array(#"{"nPublic" : 2}"#.utf8))
      try await registry.publish([changed])
      #expect(try await registry.entry("a") == changed)
    }
  }

  @Test("a key that was changed by hand is not handed out, nor is what is no entry")
  func spoilt() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let registry = CircuitRegistry(fixture.store)
      let good = try await Self.entry("good")
      try await registry.publish([good])
      let json = String(decoding: good.json, as: UTF8.self)
      let spoilt = [
        json.replacingOccurrences(of: "[\"1\",\"2\"", with: "[\"1\",\"3\""), "", "[]", "{}",
        json.replacingOccurrences(of: "\"verification_key\":{", with: "\"verification_key\":[{") + "]",
        json.replacingOccurrences(of: "\"constraints\":7", with: "\"constraints\":-7"), json,
      ]
      for text in spoilt {
        try fixture.server.command("HSET", "wc:circuits", "other", text)
        #expect(try await registry.entry("other") == nil, "\(text)")
        #expect(try await registry.all() == [good], "\(text)")
      }
    }
  }

  @Test("names: a letter, then letters, digits and underscores, at most 64")
  func names() {
    for good in ["a", "memory_pattern", "a1_", String(repeating: "a", count: 64)] {
      #expect(CircuitEntry.isName(good), "\(good)")
    }
    for bad in ["", "A", "1a", "_a", "a-b", "a.b", "a/b", "é", String(repeating: "a", count: 65)] {
      #expect(!CircuitEntry.isName(bad), "\(bad)")
    }
  }

  @Test("fields of a later version are passed over")
  func later() async throws {
    let entry = try await Self.entry("a")
    let json = "{\"more\":[1],\(String(decoding: entry.json.dropFirst(), as: UTF8.self))"
    #expect(CircuitEntry(json: Array(json.utf8)) == entry)
  }
}
