import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Proofs

@Suite("Groth16 prover") struct ProverTests {
  private func rejection(_ proof: Proof, _ signals: [Fr]) throws -> Rejection? {
    do {
      try Verifier(try Cube.key.get().verifyingKey).verify(proof, publicSignals: signals)
      return nil
    } catch let error as Rejection {
      return error
    }
  }

  @Test func aProofOfATrueStatementVerifies() throws {
    let (proof, signals) = try Cube.proved()
    #expect(signals == [27, 7])
    #expect(try rejection(proof, signals) == nil)
    for index in signals.indices {
      var altered = signals
      altered[index] += .one
      #expect(try rejection(proof, altered) == .equationFails)
    }
  }

  @Test func memoryPattern() throws {
    let witness = try MemoryPattern.example.witness()
    let key = try DevelopmentSetup.provingKey(for: MemoryPattern.system, named: MemoryPattern.name)
    var randomness = SystemRandomNumberGenerator()
    let proof = try Prover(key).prove(witness: witness.wires, randomness: &randomness)
    try Verifier(key.verifyingKey).verify(proof, publicSignals: witness.publicSignals)
  }

  @Test func twoProofsOfOneStatementDiffer() throws {
    let (first, signals) = try Cube.proved(seed: 1)
    let (second, _) = try Cube.proved(seed: 2)
    #expect(first.a != second.a && first.b != second.b && first.c != second.c)
    #expect(try rejection(second, signals) == nil)
    #expect(try Cube.proved(seed: 1).proof == first)
  }

  @Test("every wire counts: a witness that breaks a constraint gives no proof that verifies")
  func falseWitness() throws {
    let witness = try Cube.example.witness()
    let prover = try Prover(try Cube.key.get())
    for wire in 1..<witness.wires.count {
      var wires = witness.wires
      wires[wire] += .one
      #expect(Cube.system.firstViolation(wires) != nil)
      var randomness = SystemRandomNumberGenerator()
      let proof = try prover.prove(witness: wires, randomness: &randomness)
      #expect(try rejection(proof, Array(wires[1...2])) == .equationFails, "wire \(wire)")
      #expect(try rejection(proof, witness.publicSignals) == .equationFails, "wire \(wire)")
    }
  }

  @Test func wiresAreCountedAndTheFirstIsOne() throws {
    let wires = try Cube.example.witness().wires
    let prover = try Prover(try Cube.key.get())
    for wrong in [[], Array(wires.dropLast()), wires + [1]] {
      let expected = ProofsError.wrongWireCount(expected: wires.count, actual: wrong.count)
      #expect(throws: expected) {
        try prover.prove(witness: wrong, blinding: Blinding(fixed: 1, 2))
      }
    }
    #expect(throws: ProofsError.unsatisfied(constraint: nil)) {
      try prover.prove(witness: [2] + wires.dropFirst(), blinding: Blinding(fixed: 1, 2))
    }
  }

  @Test("the same proof on one, two and three threads", arguments: [2, 3])
  func threads(width: Int) throws {
    let wires = try MemoryPolicy.example.witness().wires
    let prover = try Prover(
      try DevelopmentSetup.provingKey(for: MemoryPolicy.system, named: MemoryPolicy.name))
    let used = Mutex<Set<UInt>>([])
    let sharing = WorkSharing(width: width) { count, part in
      DispatchQueue.concurrentPerform(iterations: count) { index in
        used.withLock { _ = $0.insert(UInt(pthread_self())) }
        part(index)
      }
    }
    let blinding = Blinding(fixed: 123, 456)
    #expect(
      try prover.prove(witness: wires, blinding: blinding, sharing: sharing)
        == prover.prove(witness: wires, blinding: blinding))
    #expect(used.withLock { !$0.isEmpty })
  }

  @Test func phasesComeInOrder() throws {
    var phases: [ProvingPhase] = []
    _ = try Prover(try Cube.key.get()).prove(
      witness: try Cube.example.witness().wires, blinding: Blinding(fixed: 1, 2), onPhase: { phases.append($0) })
    #expect(phases == [.a, .b, .c, .h])
  }

  @Test("a stop is noticed in every phase", arguments: [ProvingPhase.a, .b, .c, .h])
  func stop(phase: ProvingPhase) throws {
    let wires = try Cube.example.witness().wires
    let reached = Atomic(false)
    var last: ProvingPhase?
    #expect(throws: ProofsError.stopped) {
      try Prover(try Cube.key.get()).prove(
        witness: wires, blinding: Blinding(fixed: 1, 2), shouldStop: { reached.load(ordering: .relaxed) },
        onPhase: {
          last = $0
          if $0 == phase { reached.store(true, ordering: .relaxed) }
        })
    }
    #expect(last == phase)
  }

  @Test("a stop is asked for between the transforms, which take seconds over large domains, and not only between sums")
  func stopsBetweenTransforms() throws {
    let wires = try Cube.example.witness().wires
    let asked = Atomic(0)
    var before = 0
    let prover = try Prover(try Cube.key.get())
    _ = try prover.prove(
      witness: wires, blinding: Blinding(fixed: 1, 2),
      shouldStop: { asked.add(1, ordering: .relaxed).newValue < 0 },
      onPhase: { if $0 == .h { before = asked.load(ordering: .relaxed) } })
    #expect(asked.load(ordering: .relaxed) - before >= 4)
  }
}
