import JSONWire
import Memories
import Proofs
import TestSupport
import Testing

@testable import Worker

@Suite("Payloads of proofs")
struct ProofRequestTests {
  private func read<R>(_ text: String, _ body: (inout JSONFieldReader) -> R) throws -> R {
    var fields = JSONFieldReader(try JSONDocument(Array(text.utf8)).root)
    let request = body(&fields)
    try fields.finish()
    return request
  }

  private static let flags = #"{"finance":true,"health":false,"personal":true}"#
  private static let opening =
    #"{"content_hash":"5","salt":"6","flags":{"finance":true,"health":false,"personal":true},"key_version":3}"#

  @Test("policy: a witness, or a memory")
  func policy() throws {
    let pattern = try read(#"{"witness":{"content":"1","salt":"2"},"flags":\#(Self.flags)}"#) { PolicyRequest(&$0) }
    #expect(
      pattern == .pattern(content: 1, salt: 2, flags: MemoryFlags(finance: true, health: false, personal: true)))
    let stored = try read(#"{"user":"u","memory_id":"m","context":"9"}"#) { PolicyRequest(&$0) }
    #expect(stored == .stored(MemoryReference(user: "u", memoryID: "m"), context: 9))
    let plain = try read(#"{"user":"u","memory_id":"m"}"#) { PolicyRequest(&$0) }
    #expect(plain == .stored(MemoryReference(user: "u", memoryID: "m"), context: 0))
  }

  @Test("membership: a path of twenty, or a memory")
  func membership() throws {
    let siblings = (1...20).map { "\"\($0)\"" }.joined(separator: ",")
    let request = try read(#"{"leaf":"7","index":5,"path":[\#(siblings)],"context":"3"}"#) { MembershipRequest(&$0) }
    #expect(request == .path(leaf: 7, index: 5, siblings: (1...20).map { Fr(UInt64($0)) }, context: 3))
    let stored = try read(#"{"user":"u","memory_id":"m"}"#) { MembershipRequest(&$0) }
    #expect(stored == .stored(MemoryReference(user: "u", memoryID: "m"), context: 0))
  }

  @Test("deletion: the time may be left out for a stored memory only")
  func deletion() throws {
    let request = try read(#"{"witness":\#(Self.opening),"requested_at":1099511627775}"#) { DeletionRequest(&$0) }
    guard case .opening(let opening) = request.subject else { throw SupportError("no opening") }
    #expect(opening.contentHash == 5 && opening.salt == 6 && opening.keyVersion == 3 && opening.status == 1)
    #expect(opening.flags == MemoryFlags(finance: true, health: false, personal: true))
    #expect(request.requestedAt == 1_099_511_627_775 && request.context == 0)
    let stored = try read(#"{"user":"u","memory_id":"m"}"#) { DeletionRequest(&$0) }
    #expect(stored.subject == .stored(MemoryReference(user: "u", memoryID: "m")) && stored.requestedAt == nil)
    #expect(throws: JSONProblems.self) { try read(#"{"witness":\#(Self.opening)}"#) { DeletionRequest(&$0) } }
  }

  @Test("access history: up to four entries")
  func accessHistory() throws {
    let request = try read(
      #"{"witness":{"salt":"1","entries":[{"accessor":"2","at":3},{"accessor":"4","at":5}]},"accessor":"2","from":0,"to":9,"context":"7"}"#
    ) { AccessHistoryRequest(&$0) }
    #expect(request.entries == [.init(accessor: 2, time: 3), .init(accessor: 4, time: 5)])
    #expect(request.salt == 1 && request.accessor == 2 && request.from == 0 && request.to == 9 && request.context == 7)
  }

  @Test("compliance: rules beside a witness or a memory")
  func compliance() throws {
    let rules = #""min_key_version":2,"forbidden":\#(Self.flags)"#
    let request = try read(#"{"witness":\#(Self.opening),\#(rules)}"#) { ComplianceRequest(&$0) }
    #expect(
      request.minKeyVersion == 2 && request.forbidden == MemoryFlags(finance: true, health: false, personal: true))
    let stored = try read(#"{"user":"u","memory_id":"m",\#(rules)}"#) { ComplianceRequest(&$0) }
    #expect(stored.subject.isStored)
  }

  @Test("circom: wires, or a file, and exactly one of them")
  func circom() throws {
    let wires = try read(#"{"key":"My-key_1","witness":["1","2"]}"#) { CircomRequest(&$0) }
    #expect(wires.key == "My-key_1" && wires.witness == .wires([1, 2]))
    let file = try read(#"{"key":"k","wtns":"AQID"}"#) { CircomRequest(&$0) }
    #expect(file.witness == .file([1, 2, 3]))
  }

  typealias Reader = @Sendable (inout JSONFieldReader) -> Void

  struct Wrong: Sendable, CustomTestStringConvertible {
    let payload: String
    let pointer: String
    let read: Reader
    var testDescription: String { payload }
  }

  private static let r = "21888242871839275222246405745257275088548364400416034343698204186575808495617"

  static let wrong: [Wrong] = {
    let policy: Reader = { _ = PolicyRequest(&$0) }
    let membership: Reader = { _ = MembershipRequest(&$0) }
    let deletion: Reader = { _ = DeletionRequest(&$0) }
    let history: Reader = { _ = AccessHistoryRequest(&$0) }
    let compliance: Reader = { _ = ComplianceRequest(&$0) }
    let circom: Reader = { _ = CircomRequest(&$0) }
    let path = (1...20).map { "\"\($0)\"" }.joined(separator: ",")
    return [
      Wrong(payload: "[]", pointer: "", read: policy),
      Wrong(payload: "{}", pointer: "/witness", read: policy),
      Wrong(payload: #"{"witness":{"content":"1"},"flags":\#(flags)}"#, pointer: "/witness/salt", read: policy),
      Wrong(
        payload: #"{"witness":{"content":1,"salt":"2"},"flags":\#(flags)}"#, pointer: "/witness/content", read: policy),
      Wrong(
        payload: #"{"witness":{"content":"\#(r)","salt":"2"},"flags":\#(flags)}"#, pointer: "/witness/content",
        read: policy),
      Wrong(
        payload: #"{"witness":{"content":"1","salt":"2"},"flags":{"finance":1}}"#, pointer: "/flags/finance",
        read: policy),
      Wrong(
        payload: #"{"witness":{"content":"1","salt":"2"},"flags":\#(flags),"context":"1"}"#, pointer: "/context",
        read: policy),
      Wrong(payload: #"{"user":"u"}"#, pointer: "/memory_id", read: policy),
      Wrong(payload: #"{"user":"u","memory_id":"m","witness":{}}"#, pointer: "/witness", read: policy),
      Wrong(payload: #"{"user":"u","memory_id":"m","context":1}"#, pointer: "/context", read: policy),
      Wrong(payload: #"{"leaf":"1","index":1048576,"path":[\#(path)]}"#, pointer: "/index", read: membership),
      Wrong(payload: #"{"leaf":"1","index":0,"path":["1"]}"#, pointer: "/path", read: membership),
      Wrong(payload: #"{"leaf":"01","index":0,"path":[\#(path)]}"#, pointer: "/leaf", read: membership),
      Wrong(payload: #"{"witness":\#(opening),"requested_at":-1}"#, pointer: "/requested_at", read: deletion),
      Wrong(
        payload: #"{"witness":\#(opening),"requested_at":1099511627776}"#, pointer: "/requested_at", read: deletion),
      Wrong(payload: #"{"witness":{},"requested_at":1}"#, pointer: "/witness/key_version", read: deletion),
      Wrong(
        payload: #"{"witness":{"salt":"1","entries":[1]},"accessor":"2","from":0,"to":9}"#,
        pointer: "/witness/entries/0", read: history),
      Wrong(
        payload: #"{"witness":{"salt":"1","entries":[{"accessor":"2","at":"3"}]},"accessor":"2","from":0,"to":9}"#,
        pointer: "/witness/entries/0/at", read: history),
      Wrong(
        payload:
          #"{"witness":{"salt":"1","entries":[{},{},{},{},{}]},"accessor":"2","from":0,"to":9}"#,
        pointer: "/witness/entries", read: history),
      Wrong(
        payload: #"{"witness":\#(opening),"min_key_version":4294967296,"forbidden":\#(flags)}"#,
        pointer: "/min_key_version", read: compliance),
      Wrong(payload: #"{"witness":\#(opening),"min_key_version":1}"#, pointer: "/forbidden", read: compliance),
      Wrong(payload: #"{"key":"../k","witness":["1"]}"#, pointer: "/key", read: circom),
      Wrong(payload: #"{"key":"k"}"#, pointer: "/witness", read: circom),
      Wrong(payload: #"{"key":"k","witness":["1"],"wtns":"AQID"}"#, pointer: "/wtns", read: circom),
      Wrong(payload: #"{"key":"k","wtns":"***"}"#, pointer: "/wtns", read: circom),
      Wrong(payload: #"{"key":"k","wtns":7}"#, pointer: "/wtns", read: circom),
      Wrong(payload: #"{"key":"k","witness":["1","-1"]}"#, pointer: "/witness/1", read: circom),
      Wrong(payload: #"{"key":"k","witness":[]}"#, pointer: "/witness", read: circom),
    ]
  }()

  @Test("what is wrong is named by its pointer, never by its value", arguments: wrong)
  func refuses(_ sample: Wrong) throws {
    let error = #expect(throws: JSONProblems.self) { try read(sample.payload) { sample.read(&$0) } }
    let problems = error?.problems ?? []
    #expect(problems.contains { $0.pointer == sample.pointer }, "\(problems)")
    #expect(!"\(problems)".contains(Self.r))
  }

  @Test("a million digits are refused at once")
  func hugeNumber() throws {
    let digits = String(repeating: "9", count: 900_000)
    #expect(throws: JSONProblems.self) {
      try read(#"{"witness":{"content":"\#(digits)","salt":"2"},"flags":\#(Self.flags)}"#) { PolicyRequest(&$0) }
    }
  }
}
