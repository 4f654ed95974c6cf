import Sealing
import TestSupport
import Testing

@testable import Jobs

@Suite("Seals")
struct SealTests {
  let key = SecretBytes(copying: [UInt8](repeating: 7, count: 32))
  let id = JobID.numbered(1)
  let content = Array(#"{"content":"s3cr3t"}"#.utf8)

  @Test("what is sealed opens with the same key, id, kind and direction alone")
  func binding() throws {
    let seal = PayloadSeal(key: key)
    let text = try seal.seal(content, .payload, id: id, kind: .store)
    #expect(PayloadSeal.isSealed(text) && !String(decoding: text, as: UTF8.self).contains("s3cr3t"))
    #expect(try seal.open(text, .payload, id: id, kind: .store) == content)
    #expect(try seal.seal(content, .payload, id: id, kind: .store) != text)
    #expect(throws: JobError.self) { try seal.open(text, .result, id: id, kind: .store) }
    #expect(throws: JobError.self) { try seal.open(text, .payload, id: .numbered(2), kind: .store) }
    #expect(throws: JobError.self) { try seal.open(text, .payload, id: id, kind: .policy) }
    #expect(throws: JobError.self) { try seal.openUnbound(text, kind: .store) }
    let other = PayloadSeal(key: SecretBytes(copying: [UInt8](repeating: 8, count: 32)))
    #expect(throws: JobError.self) { try other.open(text, .payload, id: id, kind: .store) }
  }

  @Test("a payload for the list is bound to its kind, and opens as nothing else")
  func unbound() throws {
    let seal = PayloadSeal(key: key)
    let text = try seal.sealUnbound(content, kind: .store)
    #expect(try seal.openUnbound(text, kind: .store) == content)
    #expect(throws: JobError.self) { try seal.openUnbound(text, kind: .policy) }
    #expect(throws: JobError.self) { try seal.open(text, .payload, id: id, kind: .store) }
  }

  @Test("former keys still open, and only the new one seals")
  func rotation() throws {
    let old = PayloadSeal(key: key)
    let text = try old.seal(content, .result, id: id, kind: .policy)
    let new = PayloadSeal(key: SecretBytes(copying: [UInt8](repeating: 9, count: 32)), previous: [key])
    #expect(try new.open(text, .result, id: id, kind: .policy) == content)
    let later = try new.seal(content, .result, id: id, kind: .policy)
    #expect(throws: JobError.self) { try old.open(later, .result, id: id, kind: .policy) }
  }

  @Test("altered texts never open", arguments: ["", "wcs1.", "wcs1.AAAA", "plain", "wcs2.abc"])
  func malformed(_ text: String) {
    #expect(throws: JobError.self) { try PayloadSeal(key: key).open(Array(text.utf8), .payload, id: id, kind: .store) }
  }

  @Test("mutations never open and never trap")
  func mutations() throws {
    var random = SeededGenerator()
    let seal = PayloadSeal(key: key)
    let text = try seal.seal(content, .payload, id: id, kind: .store)
    for _ in 0..<5000 {
      let mutated = random.mutate(text)
      guard mutated != text else { continue }
      #expect(throws: JobError.self, "\(random)") { try seal.open(mutated, .payload, id: id, kind: .store) }
    }
  }

  @Test("PAYLOAD_KEY follows from ENCRYPTION_KEY and is another key")
  func derivation() throws {
    let derived = try PayloadSeal.derivePayloadKey(from: key)
    #expect(try derived == PayloadSeal.derivePayloadKey(from: key) && derived != key && derived.count == 32)
  }

  @Test("fingerprints tell keys, clients, bodies and purposes apart and hide them")
  func fingerprints() throws {
    let print = Fingerprint(key: key)
    let first = try print.idempotency(key: "k", client: "c", body: [1])
    #expect(first == (try print.idempotency(key: "k", client: "c", body: [1])))
    #expect(first.key != (try print.idempotency(key: "c", client: "k", body: [1])).key)
    #expect(first.key != (try print.idempotency(key: "", client: "ck", body: [1])).key)
    #expect(first.body != (try print.idempotency(key: "k", client: "c", body: [])).body)
    let unique = try print.unique(.init(key: "k", ttlMs: 5))
    #expect(unique.ttlMs == 5 && unique.key != first.key && unique.key.wholeMatch(of: /[0-9a-f]{32}/) != nil)
    #expect(try Fingerprint(payloadKey: key).unique(.init(key: "k", ttlMs: 5)).key != unique.key)
  }
}
