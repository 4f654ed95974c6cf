import Foundation
import TestSupport
import Testing

extension EndToEnd.PublishedProofTests {
  /// Every kind that answers with a proof: its payload (PATH is the leaf's way to the root), its circuit, and how many public signals that has.
  static let kinds: [(kind: String, payload: String, circuit: String, signals: Int)] = [
    ("proof.policy", policy, "memory_pattern", 6),
    (
      "proof.membership",
      #"{"leaf":"12345","index":0,"path":[PATH],"context":"77"}"#, "membership", 2
    ),
    ("proof.deletion", #"{"witness":\#(opening),"requested_at":1700000000,"context":"77"}"#, "deletion", 4),
    (
      "proof.access_history",
      #"{"witness":{"salt":"5","entries":[{"accessor":"3","at":1700000000},{"accessor":"4","at":1700000100}]},"#
        + #""accessor":"3","from":1700000000,"to":1700000150,"context":"77"}"#, "access_history", 6
    ),
    (
      "proof.compliance",
      #"{"witness":\#(opening),"min_key_version":2,"forbidden":\#(flags(finance: true)),"context":"77"}"#,
      "compliance", 7
    ),
  ]

  @Test("py_ecc and groth16py accept what each kind publishes, and nothing that is altered", arguments: kinds.indices)
  func judged(index: Int) async throws {
    let expected = Self.kinds[index]
    let stack = try await Stack()
    var payload = expected.payload
    if payload.contains("PATH") {
      let inclusion = try await stack.run("proof.inclusion", #"{"leaves":["12345"],"index":0}"#)
      let path = inclusion["path"].elements.compactMap(\.string)
      payload.replace("[PATH]", with: Self.text(path))
    }
    let id = try await stack.enqueue(expected.kind, payload)
    let job = try await stack.finished(id, within: .seconds(120))
    try #require(job["state"].string == "succeeded", "\(job)\n\(stack.logs.suffix(4000))")
    #expect(job["result"]["circuit"].string == expected.circuit)
    let key = try await Self.servedKey(of: expected.circuit, stack)
    let published = try await stack.api.get("/api/v1/jobs/\(id)/result")
    let proof = try Self.member("proof", of: published.text)
    let signals = published.json["public_signals"].elements.compactMap(\.string)
    try #require(signals.count == expected.signals, "\(published)")

    var claims = [ProofOracle.Claim(proof: proof, signals: Self.text(signals))]
    for place in signals.indices {
      var altered = signals
      altered[place] = signals[place] == "1" ? "2" : "1"
      claims.append(.init(proof: proof, signals: Self.text(altered)))
    }
    let opinions = try await ProofOracle.opinions(key: key, claims)
    #expect(opinions.first == .both(.accepted))
    #expect(opinions.dropFirst().allSatisfy { $0 == .both(.rejected) }, "\(opinions)")
    if expected.circuit == "membership" { #expect(signals == [Self.rootOf12345, "77"]) }
  }

  @Test("a memory that is kept is proved to be shareable and a member of its tree, without its content")
  func stored() async throws {
    let stack = try await Stack()
    let kept = try await stack.run(
      "memory.store", #"{"user":"ada","content":"tea","category":\#(Self.flags(health: true))}"#)
    let memory = #"{"user":"ada","memory_id":"\#(try #require(kept["memory_id"].string))","context":"77"}"#
    for (kind, circuit, expected) in [
      ("proof.policy", "memory_policy", ["1", kept["commitment"].string, "77"]),
      ("proof.membership", "membership", [kept["root"].string, "77"]),
    ] {
      let id = try await stack.enqueue(kind, memory)
      let job = try await stack.finished(id, within: .seconds(120))
      try #require(job["state"].string == "succeeded", "\(job)\n\(stack.logs.suffix(4000))")
      let published = try await stack.api.get("/api/v1/jobs/\(id)/result")
      let signals = published.json["public_signals"].elements.map(\.string)
      #expect(signals == expected, "\(kind)")
      let opinions = try await ProofOracle.opinions(
        key: try await Self.servedKey(of: circuit, stack),
        [.init(proof: try Self.member("proof", of: published.text), signals: Self.text(signals.compactMap(\.self)))])
      #expect(opinions == [.both(.accepted)], "\(kind)")
    }
  }

  private static let opening =
    #"{"content_hash":"3","salt":"5","flags":\#(flags(health: true)),"key_version":2}"#

  /// The root of a tree of depth 20 with the leaf 12345 alone, as other implementations compute it.
  private static let rootOf12345 = "2526631960153697962617808322434754387958301545477562263165273530210448889916"

  private static func flags(finance: Bool = false, health: Bool = false) -> String {
    #"{"finance":\#(finance),"health":\#(health),"personal":false}"#
  }

  private static func text(_ signals: [String]) -> String {
    "[\(signals.map { "\"\($0)\"" }.joined(separator: ","))]"
  }

  private static func member(_ name: String, of text: String) throws -> String {
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    return String(
      decoding: try JSONSerialization.data(withJSONObject: try #require(object[name])), as: UTF8.self)
  }
}
