import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("A unique key that somebody else's job holds") struct DuplicateOwnerTests {
  private static func job(_ kind: String, _ payload: String) -> String {
    #"{"kind":"\#(kind)","payload":\#(payload),"queue":"memory","unique":{"key":"k","ttl":"1h"}}"#
  }

  private static let memory = job("memory.recall", #"{"user":"u","memory_id":"m"}"#)
  private static let common = job("proof.anchor", #"{"hash":"1"}"#)

  private static func caller(_ name: String, _ scope: String = "jobs:read jobs:write") throws -> [String: String] {
    TokenMint.bearer(try TokenMint.token(sub: name, scope: scope))
  }

  @Test("refuses the second job without a word of the first, alone and in a bulk; owner and operator are told")
  func hidden() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let (alice, bob) = (try Self.caller("alice"), try Self.caller("bob"))
      let admin = try Self.caller("root", "admin")
      let id = try #require(try await producer.submit(Self.memory, alice).json["id"].string)
      for (caller, isTold) in [(alice, true), (bob, false), (admin, true)] {
        let answer = try await producer.submit(Self.memory, caller)
        #expect(answer.status == 409 && answer.slug == "duplicate-job", "\(answer)")
        #expect(answer.headers["location"] == (isTold ? "/api/v1/jobs/\(id)" : nil))
        #expect(answer.json["existing"].string == (isTold ? id : nil))
        #expect(answer.text.contains(id) == isTold)
        let lines = try await producer.bulk(Self.memory + "\n" + Self.common + "\n", caller).jsonLines
        #expect(lines.count == 3)
        for line in lines.dropLast() {
          #expect(line["status"].int == 409 && line["error"]["type"].string == "/problems/duplicate-job")
          #expect(line["error"]["existing"].string == (isTold ? id : nil))
        }
      }
    }
  }

  @Test("is named when the job that holds it is everybody's, or when everything is open")
  func common() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let id = try #require(try await producer.submit(Self.common, try Self.caller("alice")).json["id"].string)
      let answer = try await producer.submit(Self.memory, try Self.caller("bob"))
      #expect(answer.status == 409 && answer.json["existing"].string == id)
    }
    try await withProducer { producer async throws in
      let id = try #require(try await producer.submit(Self.memory).json["id"].string)
      #expect(try await producer.submit(Self.memory).json["existing"].string == id)
    }
  }
}
