import JSONWire
import Jobs
import Memories
import TestSupport
import Testing

@Suite("Payloads of memory jobs")
struct RequestTests {
  private func problems(_ kind: String, _ payload: String) throws -> [String] {
    let kind = try #require(KindName(kind))
    do throws(MemoryError) {
      _ = try MemoryRequest(kind: kind, payload: Array(payload.utf8))
      return []
    } catch {
      guard case .invalidPayload(let problems) = error else { return ["\(error)"] }
      #expect(error.code == "invalid_payload")
      #expect(!error.isRetryable)
      return problems.map(\.description)
    }
  }

  @Test("a full store request is read whole")
  func full() throws {
    let payload = #"""
      {"user":"ann","content":"é\n🙂","tags":["Work"," work "],
       "category":{"finance":true,"health":false,"personal":true},"confidence":0.25,"memory_id":"note 1"}
      """#
    let request = try StoreRequest(payload: Array(payload.utf8))
    #expect(
      request
        == StoreRequest(
          user: "ann", content: "é\n🙂", tags: ["Work", " work "],
          category: MemoryCategory(finance: true, personal: true), confidence: 0.25, memoryID: "note 1"))
  }

  @Test(
    "absent and null options of a store request mean none",
    arguments: ["", #","tags":null,"category":null,"confidence":null,"memory_id":null"#])
  func options(_ rest: String) throws {
    let request = try StoreRequest(payload: Array(#"{"user":"u","content":"c"\#(rest)}"#.utf8))
    #expect(request == StoreRequest(user: "u", content: "c"))
  }

  @Test("each kind reads its own payload")
  func kinds() throws {
    let one = Array(#"{"user":"u","memory_id":"m"}"#.utf8)
    func read(_ kind: String, _ payload: [UInt8]) throws -> MemoryRequest {
      try MemoryRequest(kind: try #require(KindName(kind)), payload: payload)
    }
    #expect(try read("memory.recall", one) == .recall(MemoryReference(user: "u", memoryID: "m")))
    #expect(try read("memory.verify", one) == .verify(MemoryReference(user: "u", memoryID: "m")))
    #expect(try read("memory.forget", one) == .forget(ForgetRequest(user: "u", memoryID: "m")))
    #expect(try read("memory.forget", Array(#"{"user":"u"}"#.utf8)) == .forget(ForgetRequest(user: "u")))
    #expect(
      try read("memory.store", Array(#"{"user":"u","content":"c"}"#.utf8)).operation == "store")
    #expect(throws: MemoryError.unknownKind) { try read("memory.dream", one) }
  }

  @Test(
    "a bad payload names each field at fault",
    arguments: [
      ("memory.store", "[]", [": expected an object"]),
      ("memory.store", "{", [" at byte 1"]),
      ("memory.store", "", [" at byte 0"]),
      ("memory.store", "{}", ["/user: missing", "/content: missing"]),
      ("memory.store", #"{"user":"","content":""}"#, ["/user: expected", "/content: expected"]),
      ("memory.store", #"{"user":1,"content":null}"#, ["/user: expected a string", "/content: expected a string"]),
      (
        "memory.store", #"{"user":"u","content":"c","contents":1}"#,
        ["an unknown field with a name of 8 bytes; did you mean \"content\"?"]
      ),
      ("memory.store", #"{"user":"u","content":"c","tags":"x"}"#, ["/tags: expected an array"]),
      ("memory.store", #"{"user":"u","content":"c","tags":["a",2,""]}"#, ["/tags/1: ", "/tags/2: "]),
      ("memory.store", #"{"user":"u","content":"c","tags":["  "]}"#, ["/tags: a tag of white space alone"]),
      (
        "memory.store", #"{"user":"u","content":"c","category":{"finance":true}}"#,
        ["/category/health: missing", "/category/personal: missing"]
      ),
      (
        "memory.store",
        #"{"user":"u","content":"c","category":{"finance":1,"health":true,"personal":true,"work":true}}"#,
        ["/category/finance: expected true", "/category: an unknown field with a name of 4 bytes"]
      ),
      ("memory.store", #"{"user":"u","content":"c","category":[]}"#, ["/category: expected an object"]),
      ("memory.store", #"{"user":"u","content":"c","confidence":1.01}"#, ["/confidence: expected a number"]),
      ("memory.store", #"{"user":"u","content":"c","confidence":"1"}"#, ["/confidence: expected a number"]),
      ("memory.store", #"{"user":"u","content":"c","memory_id":""}"#, ["/memory_id: expected a string"]),
      ("memory.store", #"{"user":"u","user":"v","content":"c"}"#, [": an object has the same member name twice"]),
      ("memory.recall", #"{"user":"u"}"#, ["/memory_id: missing"]),
      ("memory.recall", #"{"user":"u","memory_id":7}"#, ["/memory_id: expected a string"]),
      ("memory.verify", #"{"memory_id":"m"}"#, ["/user: missing"]),
      ("memory.verify", #"{"user":"u","memory_id":"m","deep":{}}"#, ["an unknown field with a name of 4 bytes"]),
      ("memory.forget", #"{"memory_id":"m"}"#, ["/user: missing"]),
      ("memory.forget", #"{"user":"u","memory_id":null}"#, ["/memory_id: expected a string, not null"]),
      ("memory.forget", #"{"user":"u","memory_id":""}"#, ["/memory_id: expected a string"]),
      ("memory.forget", #"{"user":"u","memoryid":"m"}"#, ["an unknown field with a name of 8 bytes"]),
    ])
  func bad(_ kind: String, _ payload: String, _ expected: [String]) throws {
    let problems = try problems(kind, payload)
    #expect(problems.count == expected.count, "\(problems)")
    for (problem, part) in zip(problems, expected) {
      #expect("\(problem.hasPrefix("/") ? "" : ": ")\(problem)".contains(part))
    }
  }

  @Test(
    "each limit holds to the byte",
    arguments: [
      ("user", MemoryLimits.userBytes.upperBound), ("content", MemoryLimits.contentBytes.upperBound),
      ("memory_id", MemoryLimits.idBytes.upperBound),
    ])
  func limits(_ field: String, _ limit: Int) throws {
    for (length, count) in [(limit, 0), (limit + 1, 1)] {
      var fields = ["user": "u", "content": "c", "memory_id": "m"]
      fields[field] = String(repeating: "x", count: length)
      let body = fields.map { #""\#($0)":"\#($1)""# }.joined(separator: ",")
      #expect(try problems("memory.store", "{\(body)}").count == count, "\(field) of \(length)")
    }
  }

  @Test("32 tags of 128 bytes fit, one more tag or byte does not")
  func tagLimits() throws {
    func payload(_ count: Int, _ bytes: Int) -> String {
      let tags = (0..<count).map { _ in "\"" + String(repeating: "t", count: bytes) + "\"" }.joined(separator: ",")
      return #"{"user":"u","content":"c","tags":[\#(tags)]}"#
    }
    #expect(try problems("memory.store", payload(32, 128)) == [])
    #expect(try problems("memory.store", payload(33, 1)).count == 1)
    #expect(try problems("memory.store", payload(1, 129)).count == 1)
  }

  @Test("no problem repeats what a payload holds")
  func canary() throws {
    let canary = "CANARY7f3a"
    let payloads = [
      #"{"user":"\#(String(repeating: canary, count: 40))","content":["\#(canary)"],"tags":[{"a":"\#(canary)"}]}"#,
      #"{"user":{"a":"\#(canary)"},"memory_id":["\#(canary)"],"content":"\#(canary)","confidence":"\#(canary)"}"#,
      #"{"user":"\#(canary)","content":"\#(canary)\q"}"#,
    ]
    for payload in payloads {
      let problems = try problems("memory.store", payload)
      #expect(!problems.isEmpty)
      #expect(!problems.joined().contains(canary), "\(problems)")
    }
  }

  @Test("100,000 mutated payloads are read or refused, and never trap")
  func mutations() throws {
    let seeds = [
      #"{"user":"u","content":"c","tags":["a","b"],"category":{"finance":true,"health":false,"personal":true},"#
        + #""confidence":0.5,"memory_id":"m"}"#,
      #"{"user":"u","memory_id":"m"}"#,
    ].map { Array($0.utf8) }
    let kinds = try ["memory.store", "memory.recall", "memory.verify", "memory.forget"].map {
      try #require(KindName($0))
    }
    var generator = SeededGenerator()
    var refused = 0
    for turn in 0..<100_000 {
      let payload = generator.mutate(seeds[turn / 4 % 2])
      do throws(MemoryError) {
        _ = try MemoryRequest(kind: kinds[turn % 4], payload: payload)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 50_000, "\(generator)")
  }
}
