import Foundation
import JSONWire
import Jobs
import Service
import TestSupport
import Testing

@testable import Proofs
@testable import Worker

@Suite("Keys that operators bring")
struct ForeignKeysTests {
  private static let witness = Result { try MemoryPattern.example.witness().wires }

  private func bed() throws -> (keys: KeyBed, proving: ProvingBed) {
    let keys = try KeyBed()
    try keys.folder.add(try KeySample.ceremony.get(), name: "Mine-1", origin: .ceremony)
    return (keys, try ProvingBed(keys: keys.room()))
  }

  private func wires(_ witness: [Fr]) -> String {
    "[" + witness.map { "\"\($0.decimal)\"" }.joined(separator: ",") + "]"
  }

  private func base64(_ witness: [Fr]) -> String { Data(WitnessFile.bytes(witness)).base64EncodedString() }

  @Test("a witness in either form is proved; the proof holds under the operator's key")
  func proves() async throws {
    let (keys, proving) = try bed()
    let witness = try Self.witness.get()
    let key = try ZKey.verifyingKey(try KeySample.ceremony.get())
    for payload in [
      #"{"key":"Mine-1","witness":\#(wires(witness))}"#, #"{"key":"Mine-1","wtns":"\#(base64(witness))"}"#,
    ] {
      let result = try await proving.run("proof.circom", payload)
      #expect(result["circuit"]?.asString == "Mine-1" && result["verified"]?.asBool == true)
      let signals = try PublicSignals.read(try #require(result["public_signals"]))
      #expect(signals == Array(witness[1...6]))
      try Verifier(key).verify(try Proof(json: try #require(result["proof"])), publicSignals: signals)
      #expect(result["key_id"]?.asString == (try KeyFolder.hash(key.json)))
    }
    #expect(proving.parts.maker.metrics.cacheHits.value == 1, "both are one statement with one witness")
    withExtendedLifetime(keys) {}
  }

  @Test("a witness that does not fulfil the circuit, is too short, too long or no file ends the job for good")
  func badWitness() async throws {
    let (keys, proving) = try bed()
    let witness = try Self.witness.get()
    var wrong = witness
    wrong[1] += 1
    var bytes = WitnessFile.bytes(witness)
    bytes[0] ^= 1
    let cases = [
      (#"{"key":"Mine-1","witness":\#(wires(wrong))}"#, "unsatisfied"),
      (#"{"key":"Mine-1","witness":\#(wires(Array(witness.dropLast())))}"#, "wrong_wire_count"),
      (#"{"key":"Mine-1","witness":\#(wires(witness + [1]))}"#, "wrong_wire_count"),
      (#"{"key":"Mine-1","witness":["1"]}"#, "wrong_wire_count"),
      (#"{"key":"Mine-1","wtns":"\#(Data(bytes).base64EncodedString())"}"#, "malformed_file"),
      (#"{"key":"Mine-1","wtns":""}"#, "malformed_file"),
      (#"{"key":"Nobodys","witness":["1"]}"#, "unknown_key"),
    ]
    for (payload, code) in cases {
      let failure = await proving.failure("proof.circom", payload)
      #expect(failure?.permanentCode == code, "\(String(describing: failure))")
    }
    withExtendedLifetime(keys) {}
  }

  @Test("a file that is no key of ours ends the job for good, by its name: truncated, PLONK, another magic, altered")
  func badKey() async throws {
    let (keys, proving) = try bed()
    let good = try KeySample.ceremony.get()
    var plonk = good
    // The protocol's number, the only content of section 1, the first one.
    plonk[24] = 2
    var magic = good
    magic[0] ^= 1
    var curve = good
    // A byte of the header's first prime.
    curve[28 + 12 + 6] ^= 1
    for bytes in [Array(good.dropLast()), Array(good[..<100]), plonk, magic, curve, []] {
      try keys.folder.add(bytes, name: "bad", origin: .ceremony)
      let failure = await proving.failure("proof.circom", #"{"key":"bad","witness":["1"]}"#)
      #expect(failure?.permanentCode != nil, "\(String(describing: failure))")
      #expect(failure?.message.contains("bad") == false, "the name is the payload's")
      #expect(failure?.message.contains(keys.path) == false)
    }
    try keys.folder.add(good, name: "bad", origin: .ceremony)
    try Data(good + [0]).write(to: URL(fileURLWithPath: keys.path + "/bad.zkey"))
    let failure = await proving.failure("proof.circom", #"{"key":"bad","witness":["1"]}"#)
    #expect(failure?.permanentCode == "key_altered")
    try FileManager.default.removeItem(atPath: keys.path + "/bad.zkey")
    let missing = await proving.failure("proof.circom", #"{"key":"bad","witness":["1"]}"#)
    #expect(missing?.retryableCode == "key_unreadable")
  }

  @Test("a job that must stop ends in the middle of loading its key, and the next one loads it")
  func stopsWhileLoading() async throws {
    let (keys, proving) = try bed()
    let payload = #"{"key":"Mine-1","witness":\#(wires(try Self.witness.get()))}"#
    let context = JobContext()
    context.stop(.timeout)
    #expect(await proving.failure("proof.circom", payload, context: context) == .stopped)
    #expect(proving.parts.foreignKeys.count == 0 && proving.parts.maker.metrics.errors.value == 0)
    #expect(try await proving.run("proof.circom", payload)["verified"]?.asBool == true)
    #expect(proving.parts.foreignKeys.count == 1)
    withExtendedLifetime(keys) {}
  }

  @Test("keys are kept within the bound, the latest always; a replaced file is another key")
  func bounded() throws {
    let keys = try KeyBed()
    let room = keys.room()
    let file = try KeySample.ceremony.get()
    for name in ["a", "b", "c"] { try keys.folder.add(file + [], name: name, origin: .ceremony) }
    try keys.folder.add(try KeySample.otherCeremony.get(), name: "b", origin: .ceremony)
    let foreign = ForeignKeys(room, mostBytes: 1)
    let first = try foreign.kit("a").checking.keyID
    #expect(foreign.count == 1)
    let second = try foreign.kit("b").checking.keyID
    #expect(first != second && foreign.count == 1)
    // The same bytes under another name are the same key.
    #expect(try foreign.kit("c").checking.keyID == first)
    try keys.folder.add(try KeySample.otherCeremony.get(), name: "a", origin: .ceremony)
    #expect(try foreign.kit("a").checking.keyID == second)
    #expect(foreign.count == 1)
    let wide = ForeignKeys(room)
    _ = (try wide.kit("a"), try wide.kit("c"))
    #expect(wide.count == 2)
  }
}
