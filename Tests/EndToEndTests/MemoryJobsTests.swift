import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Memories and proofs", .serialized)
  struct MemoryJobsTests {
    @Test("a memory is stored, recalled, verified and forgotten")
    func life() async throws {
      let stack = try await Stack()
      let stored = try await stack.run(
        "memory.store",
        #"{"user":"ada","content":"tea, no sugar","tags":["tea"],"category":{"finance":false,"health":true,"personal":true}}"#
      )
      let id = try #require(stored["memory_id"].string, "\(stored)")
      #expect(stored["leaf_index"].int == 0)
      for field in ["commitment", "root"] {
        #expect(stored[field].string?.allSatisfy(\.isNumber) == true, "\(field): \(stored)")
      }

      let memory = #"{"user":"ada","memory_id":"\#(id)"}"#
      let recalled = try await stack.run("memory.recall", memory)
      #expect(recalled["content"].string == "tea, no sugar" && recalled["tags"][0].string == "tea", "\(recalled)")

      let verified = try await stack.run("memory.verify", memory)
      #expect(verified["valid"].bool == true && verified["included"].bool == true, "\(verified)")
      #expect(verified["commitment"] == stored["commitment"] && verified["root"] == stored["root"])

      let forgotten = try await stack.run("memory.forget", memory)
      #expect(forgotten["forgotten"].int == 1 && forgotten["nullifiers"].elements.count == 1, "\(forgotten)")
      let gone = try await stack.submit("memory.recall", memory, headers: ["Prefer": "wait=20"])
      #expect(gone.json["state"].string == "dead" && gone.json["result"] == .null, "\(gone)")
    }

    @Test("a second memory of a user grows the same tree; another user's tree is another")
    func trees() async throws {
      let stack = try await Stack()
      let first = try await stack.run("memory.store", #"{"user":"ada","content":"one"}"#)
      let second = try await stack.run("memory.store", #"{"user":"ada","content":"two"}"#)
      let other = try await stack.run("memory.store", #"{"user":"bob","content":"one"}"#)
      #expect(second["leaf_index"].int == 1 && other["leaf_index"].int == 0)
      #expect(Set([first, second, other].map { $0["root"].string }).count == 3)
      let stranger = try #require(first["memory_id"].string)
      let stolen = try await stack.submit(
        "memory.recall", #"{"user":"bob","memory_id":"\#(stranger)"}"#, headers: ["Prefer": "wait=20"])
      #expect(stolen.json["state"].string == "dead", "\(stolen)")
    }

    @Test("a proof of inclusion holds its path and is verified")
    func inclusion() async throws {
      let stack = try await Stack()
      let result = try await stack.run("proof.inclusion", #"{"leaves":["1","2","3"],"index":1}"#)
      #expect(result["leaf"].string == "2" && result["index"].int == 1, "\(result)")
      #expect(result["path"].elements.count == 20 && result["path"][0].string == "1")
      #expect(result["verified"].bool == true)
      let again = try await stack.run("proof.inclusion", #"{"leaves":["1","2","3"],"index":2}"#)
      #expect(again["root"] == result["root"])
    }

    @Test("a payload that is wrong by its kind's rules is refused, with pointers")
    func wrongPayload() async throws {
      let stack = try await Stack(.workers(0))
      let answer = try await stack.submit("proof.inclusion", #"{"leaves":["1"],"index":"x","more":1}"#)
      if answer.status == 202 {
        // The kind's rules are the worker's: then the job ends at once, without a retry.
        let id = try #require(answer.json["id"].string)
        try await stack.startWorker()
        let job = try await stack.finished(id)
        #expect(job["state"].string == "dead" && job["error"]["reason"].string == "permanent", "\(job)")
      } else {
        #expect(answer.status == 422, "\(answer)")
      }
    }
  }
}
