import Testing

@testable import Proofs

/// What a dishonest prover would try: each computes all other wires to fit, so that the constraint that is named alone refuses it.
///
/// Several stand open in circuits of the kind that ours replace: a zero test with half its constraints, comparisons of numbers
/// without a range, flags that nothing binds to the commitment.
@Suite("Forged witnesses") struct ForgeryTests {
  private static func opening(personal: Bool = false, keyVersion: UInt32 = 2, status: UInt32 = 1) -> MemoryOpening {
    MemoryOpening(
      contentHash: 1234, salt: 5678, flags: MemoryFlags(finance: true, health: false, personal: personal),
      keyVersion: keyVersion, status: status)
  }

  // The places of an opening's private inputs.
  private let finance = 2
  private let personal = 4
  private let keyVersion = 5
  private let status = 6

  @Test("a zero test with a forged hint: a forgotten memory is not made active")
  func forgedZeroTest() throws {
    let forger = Forger(MemoryPolicy(Self.opening(status: 2), context: 0))
    #expect(forger.altered().wires[1] == 0)
    // The last wires: the inverse of status - 1, the answer, and the product of answer and not personal.
    let answer = forger.built.system.wireCount - 2
    #expect(forger.built.wires[answer - 1] == 1 && forger.built.wires[answer] == 0)
    let inverses: [Fr] = [0, 1, -.one, 7]
    for inverse in inverses {
      let forged = forger.altered(forcing: [answer: 1, answer - 1: inverse])
      #expect(forged.wires[1] == 1 && forged.wires[2] == forger.built.wires[2])
      #expect(!forged.violations.isEmpty, "\(inverse.decimal)")
    }
    // With the inverse 0 the first constraint is content, and the second one is not.
    #expect(forger.altered(forcing: [answer: 1, answer - 1: 0]).violations.count == 1)
  }

  @Test("a flag's other value belongs to another commitment")
  func boundFlags() {
    let forger = Forger(MemoryPolicy(Self.opening(personal: true), context: 0))
    let other = forger.altered(inputs: [personal: 0])
    #expect(other.violations.isEmpty && other.wires[1] == 1 && other.wires[2] != forger.built.wires[2])
    let forged = forger.altered(inputs: [personal: 0], forcing: [2: forger.built.wires[2]])
    #expect(forged.wires[1] == 1 && forged.violations.count == 1)
  }

  @Test("no other flags add up to the committed ones: finance = 5 is not finance and personal")
  func flagsThatAddUp() {
    let forger = Forger(MemoryPolicy(Self.opening(personal: true), context: 0))
    let forged = forger.altered(inputs: [finance: 5, personal: 0])
    #expect(forged.wires[1] == 1 && forged.wires[2] == forger.built.wires[2], "the same commitment, now allowed")
    #expect(forged.violations.count == 1, "the constraint that finance is a bit")
  }

  @Test("status and key version are bound into the commitment")
  func boundNumbers() {
    let forger = Forger(MemoryPolicy(Self.opening(keyVersion: 3, status: 3), context: 0))
    for place in [keyVersion, status] {
      #expect(!forger.altered(inputs: [place: 1], forcing: [2: forger.built.wires[2]]).violations.isEmpty)
    }
  }

  @Test("every status but 1 is inactive, also those that no program writes")
  func oddStatus() {
    let forger = Forger(MemoryPolicy(Self.opening(), context: 0))
    #expect(forger.altered().wires[1] == 1)
    for value in [0, 2, Fr(1 << 32), -.one] as [Fr] {
      let odd = forger.altered(inputs: [status: value])
      #expect(odd.violations.isEmpty && odd.wires[1] == 0, "\(value.decimal)")
    }
  }

  @Test("a key version that wraps past the minimum is refused by its range")
  func wrappedVersion() {
    let forger = Forger(
      Compliance(
        Self.opening(keyVersion: 1), minKeyVersion: 2,
        forbidden: MemoryFlags(finance: false, health: false, personal: false), context: 0))
    #expect(forger.altered().wires[1] == 0 && forger.altered().violations.isEmpty)
    for version in [-.one, Fr(1 << 32), Fr(2).power(253), Fr(1 << 32 + 2)] as [Fr] {
      #expect(!forger.altered(inputs: [keyVersion: version]).violations.isEmpty, "\(version.decimal)")
    }
    // The verifier's number is held as well: a minimum of -1 would let every version pass.
    for minimum in [-.one, Fr(1 << 32)] as [Fr] {
      #expect(!forger.altered(publics: [3: minimum]).violations.isEmpty, "\(minimum.decimal)")
    }
    #expect(forger.altered(inputs: [keyVersion: Fr(1 << 32 - 1)]).wires[1] == 1)
  }

  @Test("a rule is 0 or 1, so that no sum of rules makes up for an offence")
  func oddRules() {
    let forger = Forger(
      Compliance(
        Self.opening(personal: true), minKeyVersion: 0,
        forbidden: MemoryFlags(finance: true, health: true, personal: true), context: 0))
    #expect(forger.altered().wires[1] == 0)
    for wire in 4...6 {
      for value in [2, -.one] as [Fr] { #expect(!forger.altered(publics: [wire: value]).violations.isEmpty) }
    }
  }

  @Test("leaf 0 is no member, and an index of other digits than bits, which mixes leaf and sibling, none")
  func membership() throws {
    let siblings = try (0..<20).map { try ZeroHashes.root(depth: $0) }
    let path = try MerklePath(index: 5, siblings: siblings)
    let forger = Forger(try Membership(leaf: 12345, path: path, context: 0))
    #expect(forger.altered().wires[1] == path.root(of: 12345))
    let empty = forger.altered(inputs: [0: 0])
    #expect(empty.wires[1] == path.root(of: 0), "the root of the empty tree")
    #expect(empty.violations.count == 1, "leaf * inverse = 1")
    for digit in [2, -.one] as [Fr] { #expect(forger.altered(inputs: [1: digit]).violations.count == 1) }
  }

  @Test("a request's time is below 2^40, and its nullifier is the memory's")
  func deletion() throws {
    let forger = Forger(try Deletion(Self.opening(), requestedAt: 5, context: 0))
    for instant in [Fr(1 << 40), -.one] as [Fr] { #expect(!forger.altered(publics: [3: instant]).violations.isEmpty) }
    #expect(forger.altered(forcing: [1: 77]).violations.count == 1)
    // Another salt opens another commitment.
    #expect(forger.altered(inputs: [1: 9]).violations.isEmpty)
    #expect(!forger.altered(inputs: [1: 9], forcing: [2: forger.built.wires[2]]).violations.isEmpty)
  }

  @Test("memory_pattern: two commitments are one, isPersonal is a bit, allowed follows from it")
  func memoryPattern() {
    let forger = Forger(
      MemoryPattern(content: 1, salt: 2, flags: MemoryFlags(finance: false, health: true, personal: true)))
    #expect(forger.altered().wires[1] == 0)
    #expect(forger.altered(forcing: [1: 1]).violations.count == 1)
    #expect(!forger.altered(publics: [3: 5]).violations.isEmpty)
    for flag in 4...6 {
      for value in [2, -.one] as [Fr] { #expect(forger.altered(publics: [flag: value]).violations.count == 1) }
    }
  }
}
