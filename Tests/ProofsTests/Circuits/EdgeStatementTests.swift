import Testing

@testable import Proofs

/// Statements at the ends of their ranges: true ones have witnesses of the circuit's shape and the public signals of plain code.
@Suite("Statements at the edges") struct EdgeStatementTests {
  private static let top = UInt64(1) << 40 - 1
  private static let noFlags = MemoryFlags(finance: false, health: false, personal: false)
  private static let allFlags = MemoryFlags(finance: true, health: true, personal: true)

  private static let openings = [
    MemoryOpening(contentHash: 0, salt: 0, flags: noFlags, keyVersion: 0, status: 0),
    MemoryOpening(contentHash: -.one, salt: -.one, flags: allFlags, keyVersion: .max, status: .max),
    MemoryOpening(contentHash: 0, salt: -.one, flags: noFlags, keyVersion: .max, status: 1),
  ]

  private func expectShape(_ circuits: [any Circuit], of system: ConstraintSystem) throws {
    for circuit in circuits {
      let built = BuiltSystem(circuit)
      #expect(built.system == system && built.holds)
      #expect(try circuit.witness().wires == built.wires)
    }
  }

  @Test("the constraints do not depend on values: zeros, largest numbers, no entries and four")
  func shapes() throws {
    try expectShape(Self.openings.map { MemoryPolicy($0, context: -.one) }, of: MemoryPolicy.system)
    try expectShape(
      Self.openings.map { try Deletion($0, requestedAt: Self.top, context: 0) }, of: Deletion.system)
    try expectShape(
      Self.openings.map { Compliance($0, minKeyVersion: .max, forbidden: Self.allFlags, context: 0) },
      of: Compliance.system)
    try expectShape(
      [
        MemoryPattern(content: 0, salt: 0, flags: Self.noFlags),
        MemoryPattern(content: -.one, salt: 0, flags: Self.allFlags),
      ],
      of: MemoryPattern.system)
    let entries = [AccessHistory.Entry](repeating: AccessHistory.Entry(accessor: 0, time: 0), count: 4)
    try expectShape(
      [[], entries].map { try AccessHistory(salt: 0, entries: $0, accessor: 0, from: 0, to: Self.top, context: 0) },
      of: AccessHistory.system)
    let last = try MerklePath(index: 1 << 20 - 1, siblings: [Fr](repeating: .zero, count: 20))
    try expectShape([try Membership(leaf: -.one, path: last, context: 0)], of: Membership.system)
  }

  @Test("the count at the edges of the window, which holds both its ends")
  func window() throws {
    func count(_ times: [UInt64], from: UInt64, to: UInt64, accessor: Fr = 7) throws -> Fr {
      let entries = times.map { AccessHistory.Entry(accessor: 7, time: $0) }
      return try AccessHistory(salt: 1, entries: entries, accessor: accessor, from: from, to: to, context: 0)
        .witness().publicSignals[1]
    }
    #expect(try count([4, 5, 6, 7], from: 5, to: 6) == 2)
    #expect(try count([5], from: 5, to: 5) == 1)
    #expect(try count([5, 5, 5, 5], from: 0, to: Self.top) == 4)
    #expect(try count([0, Self.top], from: 0, to: Self.top) == 2)
    #expect(try count([0, Self.top], from: 1, to: Self.top - 1) == 0)
    #expect(try count([5], from: 6, to: 4) == 0, "a window that ends before it starts holds nothing")
    #expect(try count([], from: 0, to: Self.top, accessor: 0) == 0, "absent entries are not accessor 0's")
    #expect(try count([5], from: 0, to: 9, accessor: 8) == 0)
  }

  @Test("compliance at the ends of the key version, and with each flag against each rule")
  func compliance() throws {
    func complies(_ version: UInt32, _ minimum: UInt32, _ flags: MemoryFlags, _ forbidden: MemoryFlags) throws -> Bool {
      let opening = MemoryOpening(contentHash: 1, salt: 2, flags: flags, keyVersion: version)
      let statement = Compliance(opening, minKeyVersion: minimum, forbidden: forbidden, context: 0)
      return try statement.witness().publicSignals[0] == .one
    }
    for (version, minimum) in [(0, 0), (.max, .max), (.max, 0), (5, 5), (6, 5)] as [(UInt32, UInt32)] {
      #expect(try complies(version, minimum, Self.noFlags, Self.allFlags), "\(version) \(minimum)")
    }
    for (version, minimum) in [(0, .max), (0, 1), (4, 5), (.max - 1, .max)] as [(UInt32, UInt32)] {
      #expect(try !complies(version, minimum, Self.noFlags, Self.allFlags), "\(version) \(minimum)")
    }
    func flags(_ bits: Int) -> MemoryFlags {
      MemoryFlags(finance: bits & 1 != 0, health: bits & 2 != 0, personal: bits & 4 != 0)
    }
    for own in 0..<8 {
      for rule in 0..<8 { #expect(try complies(1, 1, flags(own), flags(rule)) == (own & rule == 0), "\(own) \(rule)") }
    }
  }

  @Test("each place of a small tree leads to the tree's root")
  func places() throws {
    var tree = try MerkleTree(depth: 20)
    for leaf in 1...5 as ClosedRange<UInt64> { _ = try tree.append(Fr(leaf)) }
    for place in 0..<5 {
      let statement = try Membership(leaf: Fr(UInt64(place + 1)), path: tree.path(of: place), context: 3)
      #expect(try statement.witness().publicSignals == [tree.root, 3])
    }
  }
}
