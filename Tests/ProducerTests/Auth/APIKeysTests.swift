import TestSupport
import Testing

@testable import Producer

@Suite("The file of API keys")
struct APIKeysTests {
  private static let hash = String(repeating: "0123456789abcdef", count: 4)

  private static func problem(_ text: String) -> String? {
    do {
      _ = try APIKeys(Array(text.utf8))
      return nil
    } catch {
      return error.description
    }
  }

  @Test("lines and JSON say the same")
  func forms() throws {
    let (one, two) = (try TokenMint.hash("key one"), try TokenMint.hash("key two"))
    let lines = "# keys\r\n\nci \(one) jobs:read,jobs:write team-a\r\nops\t\(two.uppercased())  admin"
    let json =
      #" {"keys":[{"name":"ci","sha256":"\#(one)","scopes":["jobs:read","jobs:write"],"owner":"team-a"},"#
      + #"{"name":"ops","sha256":"\#(two)","scopes":["admin"]}]}"#
    for text in [lines, json] {
      let keys = try APIKeys(Array(text.utf8))
      #expect(keys.entries.map(\.name) == ["ci", "ops"])
      #expect(
        try keys.caller(Array("key one".utf8)) == Caller(owner: "team-a", scopes: [.jobsRead, .jobsWrite]))
      #expect(try keys.caller(Array("key two".utf8)) == Caller(owner: "ops", scopes: [.admin]))
      for text in ["", "key", "key one ", one, "ci"] {
        #expect(throws: AuthFailure.unknownKey) { try keys.caller(Array(text.utf8)) }
      }
    }
  }

  @Test("admin may do everything, the others what they say")
  func scopes() {
    #expect(Scope.allCases.allSatisfy(Caller(owner: "a", scopes: [.admin]).may))
    #expect(Scope.allCases.filter(Caller(owner: "a", scopes: [.jobsWrite]).may) == [.jobsWrite])
  }

  @Test(
    "what is wrong is told with its place, and without the hash",
    arguments: [
      ("", "no key"), ("# nothing\n", "no key"), ("\nci HASH", "line 2"), ("ci HASH jobs:read team more", "line 1"),
      ("ci HASH jobs:all", "scopes out of"), ("ci HASH ,", "scopes out of"), ("ci HASHa admin", "64 hex digits"),
      ("ci the-key-itself admin", "not the key"), ("ci HASH admin\nci2 HASH admin", "the same key"),
      ("ci HASH admin\nci \(String(repeating: "1", count: 64)) admin", "the same name"), ("é HASH admin", "visible"),
      ("{", "no JSON"), ("{}", "keys"), (#"{"keys":{}}"#, "keys"), (#"{"keys":[],"more":1}"#, "keys"),
      (#"{"keys":[1]}"#, "key 1"), (#"{"keys":[{"name":"a","sha256":"HASH","scopes":"admin"}]}"#, "scopes"),
      (#"{"keys":[{"name":"a","sha256":"HASH","scopes":["admin"],"key":"x"}]}"#, "key 1"),
      (#"{"keys":[{"name":"a","sha256":"HASH","scopes":["admin",1]}]}"#, "scopes"),
      (#"{"keys":[{"name":"a","sha256":"HASH","scopes":["admin"],"owner":""}]}"#, "owner"),
    ])
  func refused(_ text: String, _ expected: String) throws {
    let said = try #require(Self.problem(text.replacing("HASH", with: Self.hash)))
    #expect(said.contains(expected), "\(said)")
    #expect(!said.contains(Self.hash) && !said.contains("the-key-itself"))
  }
}
