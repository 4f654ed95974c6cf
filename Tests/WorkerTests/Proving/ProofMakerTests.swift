import JSONWire
import Jobs
import Service
import Synchronization
import TestSupport
import Testing

@testable import Proofs
@testable import Worker

@Suite("Making proofs")
struct ProofMakerTests {
  private static let witness = SmallCircuit.witness(6, 7)

  @Test("a circuit without public signals, which an operator may bring, is proved like any other")
  func noPublicSignals() throws {
    var (left, right, output) = (SparseMatrix(), SparseMatrix(), SparseMatrix())
    left.append([.init(wire: 1, coefficient: 1)])
    right.append([.init(wire: 2, coefficient: 1)])
    output.append([.init(wire: 3, coefficient: 1)])
    let system = ConstraintSystem(
      wireCount: 4, outputCount: 0, publicCount: 0, left: left, right: right, output: output)
    let key = try DevelopmentSetup.provingKey(for: system, named: "silent")
    let kit = try ProvingKit(key, name: "silent", origin: .insecureDevelopment)
    let bed = try MakerBed()
    let context = JobContext()
    var progress = ProvingProgress(context, durations: bed.metrics.durations, label: "small")
    let result = try bed.maker.result(of: SmallCircuit.task([1, 2, 3, 6]), with: kit, &progress, context)
    #expect(try JSONDocument(result).root["public_signals"]?.elements.map(\.kind) == [])
  }

  @Test("the result holds for who reads it: proof, signals and key, in the fields that are documented")
  func holds() throws {
    let bed = try MakerBed()
    let bytes = try bed.result(SmallCircuit.task(Self.witness))
    let root = try JSONDocument(bytes).root
    #expect(
      root.members.map(\.name) == ["circuit", "key_id", "proof", "public_signals", "verified", "count"])
    #expect(root["circuit"]?.asString == "small" && root["verified"]?.asBool == true && root["count"]?.asInt64 == 7)
    let kit = try SmallCircuit.kit()
    #expect(root["key_id"]?.asString == kit.checking.keyID)
    let signals = try PublicSignals.read(try #require(root["public_signals"]))
    #expect(signals == [42])
    let proof = try Proof(json: try #require(root["proof"]))
    try Verifier(try VerifyingKey(json: try JSONDocument(kit.checking.json).root)).verify(proof, publicSignals: signals)
    #expect(throws: Rejection.equationFails) { try kit.checking.verifier.verify(proof, publicSignals: [43]) }
  }

  @Test("one bit of the prover's output flipped, anywhere: the attempt fails and nothing is published or kept")
  func flippedBit() throws {
    var random = SeededGenerator()
    for round in 0..<6 {
      var bed = try MakerBed()
      let bit = Int.random(in: 0..<256, using: &random)
      bed.maker.disturb = { proof in
        switch round % 3 {
        case 0: Proof(a: Self.flip(proof.a, bit), b: proof.b, c: proof.c)
        case 1: Proof(a: proof.a, b: Self.flip(proof.b, bit), c: proof.c)
        default: Proof(a: proof.a, b: proof.b, c: Self.flip(proof.c, bit))
        }
      }
      let error = #expect(throws: JobFailure.self) { try bed.result(SmallCircuit.task(Self.witness)) }
      guard case .retryable("self_check_failed", let message, nil)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(!message.contains("42"))
      #expect(bed.maker.cache.count == 0 && bed.metrics.generated.value == 0)
    }
  }

  private static func flip(_ point: G1Point, _ bit: Int) -> G1Point {
    Affine(uncheckedX: flip(point.x, bit), y: point.y)
  }

  private static func flip(_ point: G2Point, _ bit: Int) -> G2Point {
    Affine(uncheckedX: Fp2(flip(point.x.c0, bit), point.x.c1), y: point.y)
  }

  /// The number whose bit differs, or the next lower bit's where that would not be canonical.
  private static func flip(_ value: Fp, _ bit: Int) -> Fp {
    var bytes = value.bigEndianBytes
    for bit in [bit, bit % 248] {
      bytes[31 - bit / 8] ^= 1 << UInt8(bit % 8)
      if let flipped = try? Fp(bigEndian: bytes) { return flipped }
      bytes[31 - bit / 8] ^= 1 << UInt8(bit % 8)
    }
    return value + 1
  }

  @Test("a valid proof of another statement is not published either")
  func otherProof() throws {
    let other = try Proof(
      json: try #require(
        try JSONDocument(MakerBed().result(SmallCircuit.task(SmallCircuit.witness(2, 3)))).root["proof"]))
    var bed = try MakerBed()
    bed.maker.disturb = { _ in other }
    #expect(throws: JobFailure.self) { try bed.result(SmallCircuit.task(Self.witness)) }
  }

  @Test("a caller's witness that does not fulfil the circuit ends the job for good")
  func unsatisfied() throws {
    let bed = try MakerBed()
    for wire in 1..<5 {
      var witness = Self.witness
      witness[wire] += 1
      #expect(throws: JobFailure.permanent(.unsatisfied(constraint: nil))) {
        try bed.result(SmallCircuit.task(witness, isForeign: true))
      }
    }
    var first = Self.witness
    first[0] = 2
    #expect(throws: JobFailure.permanent(.unsatisfied(constraint: nil))) {
      try bed.result(SmallCircuit.task(first, isForeign: true))
    }
    for witness in [[1], Array(Self.witness.dropLast()), Self.witness + [0], []] as [[Fr]] {
      #expect(throws: JobFailure.permanent(.wrongWireCount(expected: 5, actual: witness.count))) {
        try bed.result(SmallCircuit.task(witness, isForeign: true))
      }
    }
  }

  @Test("the same statement with the same witness is answered from the cache, another witness is not")
  func cached() throws {
    let bed = try MakerBed()
    let first = try bed.result(SmallCircuit.task(Self.witness))
    #expect(try bed.result(SmallCircuit.task(Self.witness)) == first)
    // The same public signal by another witness.
    let other = try bed.result(SmallCircuit.task(SmallCircuit.witness(21, 2)))
    #expect(other != first)
    #expect(try bed.result(SmallCircuit.task(Self.witness, isForeign: true)) == first)
    #expect(bed.metrics.cacheHits.value == 2 && bed.metrics.cacheMisses.value == 2)
    #expect(bed.metrics.generated.value == 2)
    #expect(bed.text.contains("whispercache_proof_cache_hit_rate 0.5"))
    let proofs = try [first, other].map { try JSONDocument($0).root["proof"]?.rawBytes }
    #expect(proofs[0] != proofs[1])
  }

  @Test("results that conclude differently are different results, though circuit, key and witness are the same")
  func cachedConclusions() throws {
    let bed = try MakerBed()
    // What proof.circom makes by a key that is also one of the program's circuits.
    let foreign = try bed.result(SmallCircuit.task(Self.witness, conclusion: nil, isForeign: true))
    let own = try bed.result(SmallCircuit.task(Self.witness))
    #expect(try JSONDocument(foreign).root["count"] == nil)
    #expect(try JSONDocument(own).root["count"]?.asInt64 == 7)
    #expect(try bed.result(SmallCircuit.task(Self.witness, conclusion: nil, isForeign: true)) == foreign)
    #expect(bed.metrics.cacheHits.value == 1)
  }

  @Test("each phase is measured and reported, in order")
  func phases() throws {
    let bed = try MakerBed()
    let reports = Mutex<[String]>([])
    let context = JobContext { report in reports.withLock { $0.append(String(decoding: report, as: UTF8.self)) } }
    _ = try bed.result(SmallCircuit.task(Self.witness), context)
    #expect(
      reports.withLock { $0 }
        == [("a", 2), ("b", 3), ("c", 4), ("h", 5), ("verify", 6)].map {
          #"{"phase":"\#($0.0)","step":\#($0.1),"steps":6}"#
        })
    for phase in ["a", "b", "c", "h", "verify"] {
      #expect(bed.text.contains("zk_proof_duration_seconds_count{circuit=\"small\",phase=\"\(phase)\"} 1"))
    }
    #expect(bed.text.contains("zk_proof_duration_seconds_count{circuit=\"circom\",phase=\"a\"} 0"))
  }

  @Test("a job that must stop stops inside its proof")
  func stops() throws {
    let bed = try MakerBed()
    let context = JobContext()
    context.stop(.timeout)
    #expect(throws: JobFailure.stopped) { try bed.result(SmallCircuit.task(Self.witness), context) }
  }

  @Test("a stop is noticed in the middle, whichever phase is under way", arguments: ["a", "b", "c", "h"])
  func stopsInside(phase: String) throws {
    let bed = try MakerBed()
    let holder = Mutex<JobContext?>(nil)
    let context = JobContext { report in
      let isThere = String(decoding: report, as: UTF8.self).contains("\"phase\":\"\(phase)\"")
      if isThere { holder.withLock { $0 }?.stop(.cancelled) }
    }
    holder.withLock { $0 = context }
    #expect(throws: JobFailure.stopped) { try bed.result(SmallCircuit.task(Self.witness), context) }
    #expect(bed.maker.cache.count == 0 && bed.metrics.generated.value == 0)
    holder.withLock { $0 = nil }
  }

  @Test("with idle slots the proof is made by several threads and holds")
  func threads() throws {
    let bed = try MakerBed(slots: 3)
    _ = try bed.result(SmallCircuit.task(Self.witness))
    #expect(bed.maker.load.borrow(most: 9) == 3)
  }

  @Test("all metrics exist as 0 before the first proof")
  func zeros() throws {
    let text = try MakerBed().text
    for line in [
      "zk_proof_errors_total 0", "whispercache_proof_cache_hits_total 0", "whispercache_proof_cache_misses_total 0",
      "whispercache_proofs_generated 0", "whispercache_proofs_verified 0", "whispercache_proof_cache_hit_rate 0",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
  }
}
