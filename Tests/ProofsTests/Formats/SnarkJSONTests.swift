import JSONWire
import TestSupport
import Testing

@testable import Proofs

/// Replaces one part of a text; the part must be there.
private func replacing(_ part: String, by other: String, in text: String) throws -> String {
  let range = try #require(text.firstRange(of: part), "\(part) is not in the text")
  return text.replacingCharacters(range, other)
}

extension String {
  fileprivate func replacingCharacters(_ range: Range<Index>, _ other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}

extension Proof {
  /// The text as a string.
  fileprivate var jsonText: String {
    var writer = JSONWriter()
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private func readProof(_ text: String) throws -> Proof { try Proof(json: try JSONDocument(text).root) }

@Suite("snarkjs' proof") struct ProofJSONTests {
  private static let generatorText =
    #"{"pi_a":["1","2","1"],"pi_b":[["10857046999023057135944570762232829481370756359578518086990519993285655852781","#
    + #""11559732032986387107991004021392285783925812861821192530917403151452391805634"],"#
    + #"["8495653923123431417604973247489272438418190587263600148770280649306958101930","#
    + #""4082367875863433681332203403145435568316851327593401208105741076214120093531"],["1","0"]],"#
    + #""pi_c":["1","2","1"],"protocol":"groth16","curve":"bn128"}"#

  @Test("the generators, written by hand, come and go")
  func roundTrip() throws {
    let proof = Proof(a: .generator, b: .generator, c: .generator)
    #expect(proof.jsonText == Self.generatorText)
    #expect(try readProof(Self.generatorText) == proof)
    let (real, _) = try Cube.proved()
    #expect(try readProof(real.jsonText) == real)
  }

  static let p = "21888242871839275222246405745257275088696311157297823662689037894645226208583"

  @Test(
    "each departure is refused with its place",
    arguments: [
      (#""pi_a":["1","2","1"]"#, #""pi_a":["1","2","2"]"#, "/pi_a/2"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":["1","2"]"#, "/pi_a"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":["1","2","1","1"]"#, "/pi_a"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":[1,"2","1"]"#, "/pi_a/0"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":["01","2","1"]"#, "/pi_a/0"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":["-1","2","1"]"#, "/pi_a/0"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":["0x1","2","1"]"#, "/pi_a/0"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":["","2","1"]"#, "/pi_a/0"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":[""# + p + #"","2","1"]"#, "/pi_a/0"),
      (#""pi_a":["1","2","1"]"#, #""pi_a":null"#, "/pi_a"),
      (#""pi_a":["1","2","1"],"#, "", "/pi_a"),
      (#"["1","0"]]"#, #"["1","1"]]"#, "/pi_b/2"),
      (#",["1","0"]]"#, "]", "/pi_b"),
      (#""groth16""#, #""plonk""#, "/protocol"),
      (#","protocol":"groth16""#, "", "/protocol"),
      (#""bn128""#, #""bls12381""#, "/curve"),
      (#""bn128""#, "1", "/curve"),
      (#""curve""#, #""extra":1,"curve""#, "/extra"),
    ])
  func strictness(part: String, other: String, pointer: String) throws {
    let text = try replacing(part, by: other, in: Self.generatorText)
    let error = #expect(throws: ProofsError.self) { try readProof(text) }
    #expect(error?.code == "malformed_document")
    #expect(error?.description.contains(pointer + ":") == true, "\(String(describing: error))")
  }

  @Test func anArrayIsNoProof() {
    for text in ["[]", "1", "null", #""pi_a""#] {
      #expect(throws: ProofsError.self) { try readProof(text) }
    }
  }

  @Test("ten million digits are refused by their number, not read")
  func manyDigits() throws {
    let text = try replacing(
      #""1""#, by: "\"" + String(repeating: "1", count: 10_000_000) + "\"", in: Self.generatorText)
    #expect(throws: ProofsError.self) {
      try Proof(json: try JSONDocument(Array(text.utf8), limits: JSONLimits(bytes: 20_000_000)).root)
    }
  }

  @Test("random changes end in a typed error or a proof")
  func mutations() throws {
    var generator = SeededGenerator()
    let bytes = Array(Self.generatorText.utf8)
    var refused = 0
    for _ in 0..<400 {
      var mutated = bytes
      for _ in 0...generator.next(upperBound: 3 as UInt64) {
        let place = Int(generator.next(upperBound: UInt64(mutated.count)))
        switch generator.next(upperBound: 3 as UInt64) {
        case 0: mutated[place] = UInt8(generator.next(upperBound: 256 as UInt64))
        case 1: mutated.remove(at: place)
        default: mutated.insert(UInt8(ascii: "1"), at: place)
        }
      }
      do {
        _ = try Proof(json: try JSONDocument(mutated).root)
      } catch let error as ProofsError {
        #expect(error.code == "malformed_document", "\(generator)")
        refused += 1
      } catch is JSONError {
        refused += 1
      }
    }
    #expect(refused > 200, "\(generator)")
  }
}

@Suite("snarkjs' public signals") struct PublicSignalsTests {
  private func read(_ text: String) throws -> [Fr] { try PublicSignals.read(try JSONDocument(text).root) }

  @Test func roundTrip() throws {
    let signals: [Fr] = [0, 1, -.one]
    var writer = JSONWriter()
    PublicSignals.write(signals, to: &writer)
    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(
      text == #"["0","1","21888242871839275222246405745257275088548364400416034343698204186575808495616"]"#)
    #expect(try read(text) == signals)
    #expect(try read("[]") == [])
  }

  @Test(
    "what is another text of a number is refused",
    arguments: [
      #"["21888242871839275222246405745257275088548364400416034343698204186575808495617"]"#, #"["00"]"#, #"["+1"]"#,
      #"[" 1"]"#, #"["1e3"]"#, "[1]", "[null]", "{}", #""1""#,
    ])
  func strictness(text: String) {
    let error = #expect(throws: ProofsError.self) { try read(text) }
    #expect(error?.code == "malformed_document")
  }

  @Test func theirNumberIsBounded() {
    let text = "[" + Array(repeating: "\"1\"", count: VerifyingKey.maximumPublicCount + 1).joined(separator: ",") + "]"
    #expect(throws: ProofsError.tooManyPublicSignals(VerifyingKey.maximumPublicCount + 1)) { try read(text) }
  }
}

@Suite("snarkjs' verification key") struct VerifyingKeyJSONTests {
  private func key(_ text: String) throws -> VerifyingKey { try VerifyingKey(json: try JSONDocument(text).root) }

  private func text() throws -> String { String(decoding: try Cube.key.get().verifyingKey.json, as: UTF8.self) }

  @Test func roundTrip() throws {
    let text = try text()
    let key = try key(text)
    #expect(key == (try Cube.key.get().verifyingKey))
    #expect(String(decoding: key.json, as: UTF8.self) == text)
    #expect(text.hasPrefix(#"{"protocol":"groth16","curve":"bn128","nPublic":2,"vk_alpha_1":["#))
  }

  @Test("vk_alphabeta_12, which snarkjs writes, is passed over")
  func alphaBeta() throws {
    let text = try replacing(#""IC""#, by: #""vk_alphabeta_12":[[["1","2"]]],"IC""#, in: text())
    #expect(try key(text) == Cube.key.get().verifyingKey)
  }

  @Test(
    "each departure is refused",
    arguments: [
      (#""groth16""#, #""plonk""#, "malformed_document"), (#""bn128""#, #""bls12381""#, "malformed_document"),
      (#""nPublic":2"#, #""nPublic":1"#, "malformed_document"),
      (#""nPublic":2"#, #""nPublic":3"#, "malformed_document"),
      (#""nPublic":2"#, #""nPublic":-1"#, "malformed_document"),
      (#""nPublic":2"#, #""nPublic":5000"#, "malformed_document"),
      (#""nPublic":2"#, #""nPublic":"2""#, "malformed_document"),
      (#""vk_alpha_1""#, #""vk_alpha_2""#, "malformed_document"),
      (#""IC":["#, #""IC":[["1","2","1"],"#, "malformed_document"),
      (#""vk_alpha_1":["#, #""vk_alpha_1":["1","#, "malformed_document"),
    ])
  func strictness(part: String, other: String, code: String) throws {
    let text = try replacing(part, by: other, in: text())
    let error = #expect(throws: ProofsError.self) { try key(text) }
    #expect(error?.code == code)
  }

  @Test func pointsAreChecked() throws {
    let good = try Cube.key.get().verifyingKey
    let strays = [
      VerifyingKey(
        uncheckedAlpha: good.alpha.bent, beta: good.beta, gamma: good.gamma, delta: good.delta, inputs: good.inputs),
      VerifyingKey(
        uncheckedAlpha: good.alpha, beta: try strayTwistPoint.get(), gamma: good.gamma, delta: good.delta,
        inputs: good.inputs),
      VerifyingKey(
        uncheckedAlpha: good.alpha, beta: good.beta, gamma: good.gamma, delta: good.delta,
        inputs: [good.inputs[0].bent] + good.inputs.dropFirst()),
    ]
    let errors: [ProofsError] = [
      .invalidPoint("alpha", .pointNotOnCurve), .invalidPoint("beta", .pointNotInSubgroup),
      .invalidPoint("IC[0]", .pointNotOnCurve),
    ]
    for (stray, error) in zip(strays, errors) {
      #expect(throws: error) { try key(String(decoding: stray.json, as: UTF8.self)) }
    }
  }
}
