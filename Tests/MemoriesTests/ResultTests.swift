@testable import Memories
import Proofs
import Testing

@Suite("Results of memory jobs as JSON")
struct ResultTests {
  private func text(_ json: [UInt8]) -> String { String(decoding: json, as: UTF8.self) }

  @Test("a store's result has its five fields, numbers of the field as decimal strings")
  func store() {
    let result = StoreResult(memoryID: "m\"1", commitment: 7, leafIndex: 3, root: 9, createdMs: 1_700_000_000_123)
    #expect(
      text(result.json)
        == #"{"memory_id":"m\"1","commitment":"7","leaf_index":3,"root":"9","created_at":"2023-11-14T22:13:20.123Z"}"#)
  }

  @Test("a recall's result says null where no confidence was given")
  func recall() {
    var result = RecallResult(
      memoryID: "m", content: "a\nb", tags: ["x"], category: MemoryCategory(health: true), confidence: nil,
      createdMs: 0)
    let head = #"{"memory_id":"m","content":"a\nb","tags":["x"],"category":{"finance":false,"health":true,"#
    let tail = #","created_at":"1970-01-01T00:00:00.000Z"}"#
    #expect(text(result.json) == head + #""personal":false},"confidence":null"# + tail)
    result.confidence = 0.5
    #expect(text(result.json) == head + #""personal":false},"confidence":0.5"# + tail)
  }

  @Test("a verify's and a forget's result have their fields")
  func others() {
    let verify = VerifyResult(valid: true, commitment: 1, root: 2, included: true)
    #expect(text(verify.json) == #"{"valid":true,"commitment":"1","root":"2","included":true}"#)
    #expect(text(ForgetResult(forgotten: 0, nullifiers: []).json) == #"{"forgotten":0,"nullifiers":[]}"#)
    #expect(text(ForgetResult(forgotten: 2, nullifiers: [5, 6]).json) == #"{"forgotten":2,"nullifiers":["5","6"]}"#)
  }
}
