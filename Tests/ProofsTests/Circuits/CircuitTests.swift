import TestSupport
import Testing

@testable import Proofs

@Suite("Circuits") struct CircuitTests {
  @Test("their sizes, names and signals are pinned")
  func sizes() {
    let expected: [(String, Int, Int, Int)] = [
      ("memory_pattern", 246, 249, 6), ("memory_policy", 361, 366, 3), ("membership", 4843, 4866, 2),
      ("deletion", 659, 664, 4), ("access_history", 2151, 2136, 6), ("compliance", 470, 473, 7),
    ]
    #expect(CircuitLibrary.all.map(\.name) == expected.map(\.0))
    for (circuit, (name, constraints, wires, publics)) in zip(CircuitLibrary.all, expected) {
      let system = circuit.system()
      #expect(system.constraintCount == constraints && system.wireCount == wires, "\(name)")
      #expect(system.publicCount == publics && circuit.publicSignalNames.count == publics, "\(name)")
      #expect(CircuitLibrary.named(name)?.name == name)
    }
    #expect(CircuitLibrary.named("nothing") == nil)
    #expect(
      MemoryPattern.publicSignalNames == [
        "allowedForAgent", "commitment", "memoryCommitment", "isFinance", "isHealth", "isPersonal",
      ])
  }

  @Test("the constraints are the same for every statement")
  func shape() throws {
    var sampler = StatementSampler()
    for circuit in try sampler.all() {
      let built = BuiltSystem(circuit)
      #expect(built.system == type(of: circuit).system, "\(type(of: circuit).name), \(sampler.numbers)")
      #expect(built.holds, "\(type(of: circuit).name), \(sampler.numbers)")
      #expect(try circuit.witness().wires == built.wires)
    }
  }

  /// A wire that can be changed alone is one that no constraint holds to its value.
  @Test("no wire of any circuit can be changed", arguments: 0..<6)
  func mutations(index: Int) throws {
    var sampler = StatementSampler()
    let circuit = try sampler.all()[index]
    let built = BuiltSystem(circuit)
    // Bits that are public inputs: another one may make another true statement, as finance and health of memory_pattern,
    // which are the prover's own word, and the categories that a verifier of compliance forbids.
    let ownWord = circuit is MemoryPattern ? [4, 5] : circuit is Compliance ? [4, 5, 6] : []
    let free = built.freeWires(adding: 1) + built.freeWires(adding: -.one)
    #expect(Set(free).subtracting(ownWord).isEmpty, "\(type(of: circuit).name), \(sampler.numbers)")
    #expect(built.freeWires(adding: sampler.numbers.next()).isEmpty, "\(type(of: circuit).name), \(sampler.numbers)")
  }

  @Test("memory_pattern: the known answer, and what the flags say")
  func memoryPattern() throws {
    let hash = try Fr(decimal: "7853200120776062878684798364095072458815029376092732009249414926327459813530")
    let witness = try MemoryPattern(
      content: 1, salt: 2, flags: MemoryFlags(finance: false, health: true, personal: false)
    ).witness()
    #expect(witness.publicSignals == [1, hash, hash, 0, 1, 0])
    let personal = try MemoryPattern(
      content: 1, salt: 2, flags: MemoryFlags(finance: true, health: false, personal: true)
    ).witness()
    #expect(personal.publicSignals == [0, hash, hash, 1, 0, 1])
  }

  @Test("memory_policy: allowed when active and not personal, whatever else")
  func memoryPolicy() throws {
    var sampler = StatementSampler()
    for _ in 0..<12 {
      let opening = sampler.opening()
      let context = sampler.numbers.next()
      let signals = try MemoryPolicy(opening, context: context).witness().publicSignals
      let allowed = opening.status == 1 && !opening.flags.personal
      #expect(signals == [allowed ? 1 : 0, try opening.plainCommitment, context], "\(sampler.numbers)")
    }
  }

  @Test("the flags are bound into the commitment: one that says otherwise is another memory")
  func boundFlags() throws {
    var opening = MemoryOpening.example
    opening.flags.personal = true
    let honest = BuiltSystem(MemoryPolicy(opening, context: 0))
    #expect(honest.wires[1] == 0)
    // Wires: 4 the context's square, 5 and 6 hash and salt, 7 to 9 the flags.
    #expect(honest.wires[9] == 1)
    var forged = honest
    forged.wires[9] = 0
    forged.wires[1] = 1
    #expect(!forged.holds)
    opening.flags.personal = false
    #expect(try opening.plainCommitment != honest.wires[2])
  }

  @Test("membership: the root is that of the path, and leaf 0 is no member")
  func membership() throws {
    var sampler = StatementSampler()
    let statement = try sampler.membership()
    let path = try MerklePath(index: statement.index, siblings: statement.siblings)
    let signals = try statement.witness().publicSignals
    #expect(signals == [path.root(of: statement.leaf), statement.context], "\(sampler.numbers)")
    #expect(throws: ProofsError.emptyLeaf) { try Membership(leaf: 0, path: path, context: 0) }
    let short = try MerklePath(index: 0, siblings: [1, 2])
    #expect(throws: ProofsError.wrongDepth(2)) { try Membership(leaf: 1, path: short, context: 0) }
    // Not only the initializer refuses it: no witness has the leaf 0.
    let empty = BuiltSystem { builder in builder.enforceNonZero(builder.hint(0)) }
    #expect(!empty.holds)
  }

  @Test("deletion: one memory has one nullifier, whatever the request")
  func deletion() throws {
    var sampler = StatementSampler()
    let opening = sampler.opening()
    let commitment = try opening.plainCommitment
    let nullifier = try Poseidon.hash([2, commitment, opening.salt])
    for (time, context) in [(0, 1), ((1 << 40) - 1, 2)] as [(UInt64, Fr)] {
      let signals = try Deletion(opening, requestedAt: time, context: context).witness().publicSignals
      #expect(signals == [nullifier, commitment, Fr(time), context], "\(sampler.numbers)")
    }
    #expect(throws: ProofsError.outOfRange(name: "requested_at", bits: 40)) {
      try Deletion(opening, requestedAt: 1 << 40, context: 0)
    }
  }

  @Test("access_history: the count is what a plain count finds")
  func accessHistory() throws {
    var sampler = StatementSampler()
    for _ in 0..<12 {
      let history = try sampler.history()
      let plain = history.entries.count {
        $0.accessor == history.accessor && history.from <= $0.time && $0.time <= history.to
      }
      var hashes: [Fr] = [4, history.salt]
      for place in 0..<4 {
        let entry = place < history.entries.count ? history.entries[place] : nil
        hashes.append(try Poseidon.hash([5, entry == nil ? 0 : 1, entry?.accessor ?? 0, Fr(entry?.time ?? 0)]))
      }
      let signals = try history.witness().publicSignals
      #expect(
        signals == [
          try Poseidon.hash(hashes), Fr(UInt64(plain)), history.accessor, Fr(history.from), Fr(history.to),
          history.context,
        ], "\(sampler.numbers)")
    }
  }

  @Test("access_history: absent entries hold nothing and come last")
  func absentEntries() throws {
    func built(_ write: (inout [AccessHistory.Entry]) -> Void) throws -> BuiltSystem {
      var entries = [AccessHistory.Entry(accessor: 7, time: 3), AccessHistory.Entry(accessor: 7, time: 4)]
      write(&entries)
      return BuiltSystem(
        try AccessHistory(salt: 1, entries: entries, accessor: 7, from: 0, to: 9, context: 0))
    }
    var forged = try built { _ in }
    #expect(forged.holds && forged.wires[2] == 2)
    // An entry that is called absent still has its accessor and time: it would be hidden from the count.
    let present = try #require(forged.wires.indices.first { $0 > 6 && forged.wires[$0] == 7 }) - 1
    #expect(forged.wires[present] == 1)
    forged.wires[present] = 0
    #expect(!forged.holds)
    let five = (0..<5).map { AccessHistory.Entry(accessor: Fr(UInt64($0)), time: 1) }
    #expect(throws: ProofsError.tooManyEntries(count: 5, capacity: 4)) {
      try AccessHistory(salt: 1, entries: five, accessor: 1, from: 0, to: 1, context: 0)
    }
    for (from, to, name) in [(1 << 40, 1, "from"), (1, 1 << 40, "to")] as [(UInt64, UInt64, String)] {
      #expect(throws: ProofsError.outOfRange(name: name, bits: 40)) {
        try AccessHistory(salt: 1, entries: [], accessor: 1, from: from, to: to, context: 0)
      }
    }
  }

  @Test("compliance: active, of a key that is new enough, in no forbidden category")
  func compliance() throws {
    var sampler = StatementSampler()
    for _ in 0..<16 {
      let statement = sampler.compliance()
      let (opening, forbidden) = (statement.opening, statement.forbidden)
      let offends =
        opening.flags.finance && forbidden.finance || opening.flags.health && forbidden.health
        || opening.flags.personal && forbidden.personal
      let complies = opening.status == 1 && opening.keyVersion >= statement.minKeyVersion && !offends
      #expect(
        try statement.witness().publicSignals == [
          complies ? 1 : 0, try opening.plainCommitment, Fr(UInt64(statement.minKeyVersion)),
          forbidden.finance ? 1 : 0,
          forbidden.health ? 1 : 0, forbidden.personal ? 1 : 0, statement.context,
        ], "\(sampler.numbers)")
    }
    let newest = Compliance(
      MemoryOpening(
        contentHash: 1, salt: 2, flags: MemoryFlags(finance: false, health: false, personal: false), keyVersion: .max),
      minKeyVersion: .max, forbidden: MemoryFlags(finance: true, health: true, personal: true), context: 0)
    #expect(try newest.witness().publicSignals[0] == 1)
  }

  @Test("the context is bound: another one is another statement")
  func context() throws {
    for index in [1, 2, 3, 4, 5] {
      var sampler = StatementSampler()
      let circuit = try sampler.all()[index]
      var built = BuiltSystem(circuit)
      let place = type(of: circuit).publicSignalNames.count
      #expect(type(of: circuit).publicSignalNames[place - 1] == "context")
      built.wires[place] += 1
      #expect(!built.holds)
    }
  }

  @Test("a builder that was given a false statement says at which constraint")
  func falseStatement() {
    var builder = ConstraintBuilder(.witness)
    let wire = builder.hint(3)
    builder.enforce(wire, equals: builder.constant(3))
    builder.enforce(wire, equals: builder.constant(4))
    #expect(builder.firstViolation == 1 && builder.constraintCount == 2)
  }
}
