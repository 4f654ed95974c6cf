import Foundation
import JSONWire
import Jobs
import Memories
import Service
import TestSupport
import Testing

@testable import Proofs
@testable import Worker

@Suite("Proof jobs")
struct ProofHandlerTests {
  private static let flags = #"{"finance":false,"health":true,"personal":false}"#
  private static let opening = #"{"content_hash":"5","salt":"6","flags":\#(flags),"key_version":3}"#
  private static let commitment = Result { try Poseidon.hash([1, 5, 6, 2, 3, 1]) }

  @Test("policy by a witness: the known answer of the circuit")
  func pattern() async throws {
    let bed = try ProvingBed()
    let result = try await bed.run("proof.policy", #"{"witness":{"content":"1","salt":"2"},"flags":\#(Self.flags)}"#)
    #expect(result["circuit"]?.asString == "memory_pattern" && result["allowed"]?.asBool == true)
    let hash = Poseidon.hash(1, 2)
    #expect(try bed.checked(result) == [1, hash, hash, 0, 1, 0])
    #expect(hash.decimal == "7853200120776062878684798364095072458815029376092732009249414926327459813530")
    let personal = #"{"witness":{"content":"1","salt":"2"},"flags":{"finance":false,"health":false,"personal":true}}"#
    let refused = try await bed.run("proof.policy", personal)
    #expect(refused["allowed"]?.asBool == false)
    #expect(try bed.checked(refused).first == 0)
  }

  @Test("deletion: nullifier, commitment, time and context, as they are computed here")
  func deletion() async throws {
    let bed = try ProvingBed()
    let result = try await bed.run(
      "proof.deletion", #"{"witness":\#(Self.opening),"requested_at":1700000000,"context":"77"}"#)
    let commitment = try Self.commitment.get()
    let nullifier = try Poseidon.hash([2, commitment, 6])
    #expect(try bed.checked(result) == [nullifier, commitment, 1_700_000_000, 77])
    #expect(result["nullifier"]?.asString == nullifier.decimal)
  }

  @Test("compliance: kept rules, an old key, a forbidden category, a status that is not active")
  func compliance() async throws {
    let bed = try ProvingBed()
    let none = #"{"finance":false,"health":false,"personal":false}"#
    let cases = [
      (3, none, Self.opening, true), (4, none, Self.opening, false), (0, Self.flags, Self.opening, false),
      (0, none, #"\#(Self.opening.dropLast()),"status":2}"#, false),
    ]
    for (version, forbidden, opening, expected) in cases {
      let result = try await bed.run(
        "proof.compliance", #"{"witness":\#(opening),"min_key_version":\#(version),"forbidden":\#(forbidden)}"#)
      #expect(result["compliant"]?.asBool == expected)
      #expect(try bed.checked(result).first == (expected ? 1 : 0))
    }
  }

  @Test("a witness that does not satisfy its circuit ends the job for good, and is counted")
  func unsatisfied() async throws {
    let bed = try ProvingBed()
    let path = (0..<20).map { _ in "\"0\"" }.joined(separator: ",")
    let empty = await bed.failure("proof.membership", #"{"leaf":"0","index":0,"path":[\#(path)]}"#)
    #expect(empty?.permanentCode == "empty_leaf")
    #expect(bed.parts.maker.metrics.errors.value == 1)
  }

  @Test(
    "a payload that is none ends the job for good, without its values",
    arguments: ["policy", "membership", "deletion", "access_history", "compliance", "circom", "verify"])
  func badPayload(kind: String) async throws {
    let bed = try ProvingBed()
    for payload in [#"{"kanarie":"7319"}"#, "[7319]", "{}", "7319", "nothing"] {
      let failure = await bed.failure("proof.\(kind)", payload)
      #expect(failure?.permanentCode != nil, "\(payload): \(String(describing: failure))")
      #expect(failure?.message.contains("7319") == false)
      if kind != "verify" { #expect(failure?.message.contains("kanarie") == false) }
    }
  }

  @Test("a number of r or more is refused, not reduced; ten megabytes of digits are refused at once")
  func numbers() async throws {
    let bed = try ProvingBed()
    let r = "21888242871839275222246405745257275088548364400416034343698204186575808495617"
    for number in [r, "-1", "01", "1e3", "", String(repeating: "9", count: 10_000_000)] {
      let failure = await bed.failure(
        "proof.policy", #"{"witness":{"content":"\#(number)","salt":"2"},"flags":\#(Self.flags)}"#)
      #expect(failure?.permanentCode == "invalid_payload")
      #expect(failure?.message.contains("/witness/content") == true)
    }
  }

  @Test("a job that must stop stops, and is no error")
  func stops() async throws {
    let bed = try ProvingBed()
    let context = JobContext()
    context.stop(.cancelled)
    let failure = await bed.failure(
      "proof.policy", #"{"witness":{"content":"4","salt":"2"},"flags":\#(Self.flags)}"#, context: context)
    #expect(failure == .stopped)
    #expect(bed.parts.maker.metrics.errors.value == 0)
  }

  @Test("a circuit whose key cannot be used here is tried again, as another worker may have it")
  func noKey() async throws {
    let bed = try ProvingBed(keys: KeyRoom(folder: nil, isStrict: true, log: .silent))
    let failure = await bed.failure(
      "proof.policy", #"{"witness":{"content":"1","salt":"2"},"flags":\#(Self.flags)}"#)
    #expect(failure?.retryableCode == "unknown_key")
    let check = await bed.failure(
      "proof.verify", #"{"circuit":"memory_pattern","proof":{},"public_signals":[]}"#)
    #expect(check?.permanentCode == "malformed_document")
    let memory = await bed.failure("proof.policy", #"{"user":"u","memory_id":"m"}"#)
    #expect(memory?.retryableCode == "no_encryption_key")
  }

  @Test("verify: what holds, what does not and why, and what is not even a proof")
  func verify() async throws {
    let bed = try ProvingBed()
    let result = try await bed.run("proof.policy", #"{"witness":{"content":"8","salt":"2"},"flags":\#(Self.flags)}"#)
    let proof = try #require(result["proof"]).text
    let signals = try #require(result["public_signals"]).text
    func verdict(_ key: String, _ proof: String, _ signals: String) async throws -> (Bool?, String?) {
      let verdict = try await bed.run(
        "proof.verify", #"{\#(key),"proof":\#(proof),"public_signals":\#(signals)}"#)
      return (verdict["valid"]?.asBool, verdict["reason"]?.asString)
    }
    let circuit = #""circuit":"memory_pattern""#
    let key =
      "\"verification_key\":" + String(decoding: try bed.parts.keys.checkingKey("memory_pattern").json, as: UTF8.self)
    for key in [circuit, key] {
      #expect(try await verdict(key, proof, signals) == (true, nil))
      let altered = signals.replacingOccurrences(of: #""1","0"]"#, with: #""0","0"]"#)
      #expect(altered != signals)
      #expect(try await verdict(key, proof, altered) == (false, "equation_fails"))
      #expect(try await verdict(key, proof, #"["1"]"#) == (false, "wrong_public_count"))
    }
    #expect(try await verdict(#""circuit":"memory_policy""#, proof, #"["1","2","3"]"#) == (false, "equation_fails"))
    let off = proof.replacingOccurrences(of: #""pi_a":["#, with: #""pi_a":["1","#).replacingOccurrences(
      of: #"","1"],"pi_b""#, with: #""],"pi_b""#)
    #expect(await bed.failure("proof.verify", #"{\#(circuit),"proof":\#(off),"public_signals":\#(signals)}"#) != nil)
    let point = #"{"pi_a":["1","3","1"],\#(proof.drop { $0 != "]" }.dropFirst(2))"#
    #expect(try await verdict(circuit, point, signals) == (false, "point_not_on_curve"))
    #expect(bed.parts.maker.metrics.verified.value == 8)
    for key in [
      #""circuit":"nothing""#, #""circuit":"memory_pattern","verification_key":{}"#, #""verification_key":{}"#,
    ] {
      let failure = await bed.failure(
        "proof.verify", #"{\#(key),"proof":\#(proof),"public_signals":\#(signals)}"#)
      #expect(failure?.permanentCode != nil, "\(key)")
    }
    // A second text of the same signals, each r higher, would let one statement count twice.
    let aliased = signals.replacingOccurrences(
      of: #"["1""#,
      with: #"["21888242871839275222246405745257275088548364400416034343698204186575808495618""#)
    let failure = await bed.failure(
      "proof.verify", #"{\#(circuit),"proof":\#(proof),"public_signals":\#(aliased)}"#)
    #expect(failure?.permanentCode != nil)
  }
}

extension JSONValue {
  var text: String { String(decoding: rawBytes, as: UTF8.self) }
}
