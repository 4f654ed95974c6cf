import Jobs
import JSONWire
import Proofs
import TestSupport
import Testing

@testable import Worker

@Suite("proof.inclusion")
struct InclusionHandlerTests {
  private func run(_ payload: String, context: JobContext = JobContext()) throws -> [UInt8] {
    let job = Job(
      id: try #require(JobID("proof.01JD0000000000000000000000")), kind: try #require(KindName("proof.inclusion")),
      payload: Array(payload.utf8), attempt: 1, isSealed: false)
    return try InclusionHandler().run(job, context)
  }

  @Test("root and path of the known tree, which verify")
  func knownAnswer() throws {
    let result = try JSONDocument(run(#"{"leaves":["12345"],"index":0}"#)).root
    #expect(
      result["root"]?.asString == "2526631960153697962617808322434754387958301545477562263165273530210448889916")
    #expect(result["leaf"]?.asString == "12345")
    #expect(result["index"]?.asInt64 == 0)
    #expect(result["verified"]?.asBool == true)
    #expect(result["path"]?.count == 20)
    #expect(result["path"]?[pointer: "/0"]?.asString == "0")
    #expect(Array(result.members).map(\.name) == ["root", "leaf", "index", "path", "verified"])
  }

  @Test("the returned path leads from the leaf to the root, hashed here", arguments: [0, 1, 2, 4, 1_048_575])
  func pathVerifies(index: Int) throws {
    let result = try JSONDocument(run(#"{"leaves":["7","8","9"],"index":\#(index)}"#)).root
    var node = try Fr(decimal: try #require(result["leaf"]?.asString))
    for (level, sibling) in try #require(result["path"]).elements.enumerated() {
      let other = try Fr(decimal: try #require(sibling.asString))
      node = index >> level & 1 == 0 ? Poseidon.hash(node, other) : Poseidon.hash(other, node)
    }
    #expect(node.decimal == result["root"]?.asString)
  }

  @Test(
    "wrong payloads are refused for good, each wrong field by name",
    arguments: [
      (#"{}"#, "/leaves"), (#"{"leaves":[],"index":-1}"#, "/index"), (#"{"leaves":[],"index":1048576}"#, "/index"),
      (#"{"leaves":[1],"index":0}"#, "/leaves/0"), (#"{"leaves":["01"],"index":0}"#, "/leaves/0"),
      (#"{"leaves":["-1"],"index":0}"#, "/leaves/0"), (#"{"leaves":{},"index":0}"#, "/leaves"),
      (#"{"leaves":[],"index":0,"deep":1}"#, "/deep"),
      (
        #"{"leaves":["21888242871839275222246405745257275088548364400416034343698204186575808495617"],"index":0}"#,
        "/leaves/0"
      ),
    ])
  func refuses(payload: String, pointer: String) {
    #expect {
      try run(payload)
    } throws: { error in
      guard case .permanent(_, let message)? = error as? JobFailure else { return false }
      return message.contains(pointer)
    }
  }

  @Test("ten megabytes of digits are refused, not computed with")
  func hugeNumber() {
    let digits = String(repeating: "9", count: 900_000)
    #expect(throws: JobFailure.self) { try run(#"{"leaves":["\#(digits)"],"index":0}"#) }
  }

  @Test("a job that must stop stops in the middle of its tree")
  func stops() {
    let context = JobContext()
    context.stop(.cancelled)
    let leaves = (0..<2000).map { "\"\($0)\"" }.joined(separator: ",")
    #expect(throws: JobFailure.stopped) { try run(#"{"leaves":[\#(leaves)],"index":0}"#, context: context) }
  }
}
