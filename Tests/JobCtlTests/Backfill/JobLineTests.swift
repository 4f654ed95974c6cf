import JSONWire
import TestSupport
import Testing

@testable import JobCtl

@Suite("A job's idempotency key")
struct JobLineTests {
  private func keyed(_ job: String) -> String {
    String(decoding: JobLine.keyed(bytes(job), key: "k"), as: UTF8.self)
  }

  @Test(
    "it becomes the last member",
    arguments: [
      (#"{"kind":"a.b","payload":{}}"#, #"{"kind":"a.b","payload":{},"idempotency_key":"k"}"#),
      (#"{}"#, #"{"idempotency_key":"k"}"#), ("{ \t}  ", "{ \t\"idempotency_key\":\"k\"}"),
      (#" {"a":"}"} "#, #" {"a":"}","idempotency_key":"k"}"#),
      (#"{"a_key":1,"b":"idempotency_key"}"#, #"{"a_key":1,"b":"idempotency_key","idempotency_key":"k"}"#),
      (#"{"payload":{"idempotency_key":"x"}}"#, #"{"payload":{"idempotency_key":"x"},"idempotency_key":"k"}"#),
      (#"{"a":"\u0041"}"#, #"{"a":"\u0041","idempotency_key":"k"}"#),
    ])
  func added(job: String, line: String) { #expect(keyed(job) == line) }

  @Test(
    "a job with a key of its own keeps it, and what is no object stays as it is",
    arguments: [
      #"{"idempotency_key":"own"}"#, #"{"a":1,"idempotency_key":null}"#, #"{"idempotency\u005fkey":"own","a":1}"#,
      #"{"\u0069dempotency_key":"own"}"#, "", "[]", "text", "{", #"{"a":1"#, "null", #""}"x"#,
    ])
  func kept(job: String) { #expect(keyed(job) == job) }

  @Test("what was no JSON stays none, and what was has its members and the key")
  func mutations() throws {
    var random = SeededGenerator()
    let seed = bytes(#"{"kind":"test.noop","payload":{"a":[1,"}{"],"b":"\u007d\"{"},"ref":"x"}"#)
    for _ in 0..<100_000 {
      let job = random.mutate(seed)
      let line = JobLine.keyed(job, key: "k")
      let before = members(job)
      let after = members(line)
      if before == nil || line == job {
        #expect(after == before, "\(random)")
      } else {
        #expect(after == before.map { $0 + ["idempotency_key"] }, "\(random)")
      }
    }
  }

  private func members(_ job: [UInt8]) -> [String]? {
    guard let root = try? JSONDocument(job).root, root.kind == .object else { return nil }
    return root.members.map(\.name)
  }

  @Test("it is the same for the same line of the same run, and for nothing else")
  func key() throws {
    let key = try JobLine.key(run: "r", line: 7, job: bytes("{}"))
    #expect(key == "r.7.44136fa355b3678a")
    let others = [
      try JobLine.key(run: "s", line: 7, job: bytes("{}")), try JobLine.key(run: "r", line: 8, job: bytes("{}")),
      try JobLine.key(run: "r", line: 7, job: bytes("{ }")),
    ]
    #expect(!others.contains(key) && Set(others).count == 3)
  }
}
