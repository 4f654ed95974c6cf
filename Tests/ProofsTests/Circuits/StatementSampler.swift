import TestSupport

@testable import Proofs

extension BuiltSystem {
  /// A statement with its constraints.
  init(_ circuit: some Circuit) { self.init { circuit.synthesize(&$0) } }
}

extension MemoryOpening {
  /// The commitment, hashed outside any circuit.
  var plainCommitment: Fr {
    get throws {
      let bits: UInt64 = (flags.finance ? 1 : 0) + (flags.health ? 2 : 0) + (flags.personal ? 4 : 0)
      return try Poseidon.hash([1, contentHash, salt, Fr(bits), Fr(UInt64(keyVersion)), Fr(UInt64(status))])
    }
  }

  /// The private wires of the opening, in their order.
  var privateWires: [Fr] {
    [
      contentHash, salt, flags.finance ? 1 : 0, flags.health ? 1 : 0, flags.personal ? 1 : 0, Fr(UInt64(keyVersion)),
      Fr(UInt64(status)),
    ]
  }
}

/// Statements with random numbers.
struct StatementSampler {
  var numbers = FieldSampler<ScalarParameters>()

  mutating func bool() -> Bool { numbers.generator.next() & 1 == 1 }
  mutating func below(_ bound: UInt64) -> UInt64 { numbers.generator.next() % bound }

  mutating func flags() -> MemoryFlags { MemoryFlags(finance: bool(), health: bool(), personal: bool()) }

  mutating func opening() -> MemoryOpening {
    MemoryOpening(
      contentHash: numbers.next(), salt: numbers.next(), flags: flags(), keyVersion: UInt32(below(4)),
      status: UInt32(below(3)))
  }

  mutating func membership(depth: Int = Membership.depth) throws -> Membership {
    let siblings = (0..<depth).map { _ in numbers.next() }
    let path = try MerklePath(index: Int(below(1 << UInt64(depth))), siblings: siblings)
    return try Membership(leaf: numbers.next(), path: path, context: numbers.next())
  }

  mutating func history() throws -> AccessHistory {
    let accessors: [Fr] = [0, 1, 2]
    let entries = (0..<below(5)).map { _ in
      AccessHistory.Entry(accessor: accessors[Int(below(3))], time: below(6))
    }
    return try AccessHistory(
      salt: numbers.next(), entries: entries, accessor: accessors[Int(below(3))], from: below(5), to: below(7),
      context: numbers.next())
  }

  mutating func compliance() -> Compliance {
    Compliance(opening(), minKeyVersion: UInt32(below(4)), forbidden: flags(), context: numbers.next())
  }

  /// One statement of each circuit.
  mutating func all() throws -> [any Circuit] {
    [
      MemoryPattern(content: numbers.next(), salt: numbers.next(), flags: flags()),
      MemoryPolicy(opening(), context: numbers.next()), try membership(),
      try Deletion(opening(), requestedAt: below(1 << 40), context: numbers.next()), try history(), compliance(),
    ]
  }
}
