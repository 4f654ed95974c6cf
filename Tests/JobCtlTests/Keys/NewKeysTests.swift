import Jobs
import Sealing
import Service
import TestSupport
import Testing

@testable import JobCtl

@Suite("New keys")
struct NewKeysTests {
  @Test("a new key is 64 digits that the programs take, and never the same")
  func fresh() throws {
    var seen: Set<String> = []
    for _ in 0..<200 {
      let key = try NewKeys.key()
      #expect(key.wholeMatch(of: /[0-9a-f]{64}/) != nil)
      #expect(try NewKeys.hexadecimal(KeyText.parse(key)) == key)
      #expect(try SigningSecret.key(Array(key.utf8)).count == 64)
      seen.insert(key)
    }
    #expect(seen.count == 200)
  }

  @Test("a line has the hash of the key, in the form that the documentation shows")
  func line() throws {
    // printf %s abc | sha256sum
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let key = Array("abc".utf8)
    #expect(try APIKeyLine(name: "ci", key: key, scopes: "jobs:read", owner: nil).text == "ci \(hash) jobs:read")
    let owned = try APIKeyLine(name: "ci", key: key, scopes: "admin,jobs:write", owner: "team-a")
    #expect(owned.text == "ci \(hash) admin,jobs:write team-a")
  }

  @Test(
    "what the producer would refuse is refused with exit code 2",
    arguments: [
      ("", "admin", nil), ("a b", "admin", nil), ("#a", "admin", nil), ("a", "", nil), ("a", "root", nil),
      ("a", "admin,", nil), ("a", "admin", "x y"), ("a", "admin", ""),
      (String(repeating: "a", count: 129), "admin", nil), ("\u{E9}", "admin", nil),
    ] as [(String, String, String?)])
  func refused(name: String, scopes: String, owner: String?) throws {
    do throws(ProgramEnd) {
      let line = try APIKeyLine(name: name, key: [1], scopes: scopes, owner: owner)
      Issue.record("\(line.text) was made")
    } catch {
      #expect(error.code == .usage)
    }
  }
}

@Suite("Sealed elements")
struct SealedElementsTests {
  private func elements() throws -> (SealedElements, PayloadSeal) {
    let seal = PayloadSeal(key: try KeyText.parse(try NewKeys.key()))
    return (SealedElements(kind: try #require(KindName("memory.store")), seal: seal), seal)
  }

  @Test("an element opens to the payload byte for byte, and shows nothing of it")
  func opens() throws {
    var (elements, seal) = try elements()
    elements.delay = .milliseconds(1500)
    elements.maxAttempts = 3
    let payload = Array(#"{"user":"ada","content":"canary","n":12345678901234567890}"#.utf8)
    let element = try elements.element(payload)
    #expect(!String(decoding: element, as: UTF8.self).contains("canary") && !element.contains(0x0A))
    let tree = try JSONTree(String(decoding: element, as: UTF8.self))
    #expect(tree["delay"].string == "1500ms" && tree["max_attempts"].int == 3)
    let sealed = try #require(tree["payload"].string)
    #expect(try seal.openUnbound(Array(sealed.utf8), kind: elements.kind) == payload)
    #expect(try elements.element(payload) != element, "the same payload twice looks different")
  }

  @Test("a payload that no worker would take is refused here")
  func tooLarge() throws {
    let (elements, _) = try elements()
    do throws(ProgramEnd) {
      _ = try elements.element([UInt8](repeating: 0x31, count: 1 << 20))
      Issue.record("it was taken")
    } catch {
      #expect(error.code == .failure && error.errors.contains("refuse"))
    }
  }
}
