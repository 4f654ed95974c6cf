import Testing

@testable import Proofs

@Suite("Forged histories") struct ForgedHistoryTests {
  /// Wires: 1 the commitment, 2 the count; inputs: the salt, then present, accessor and time of each entry.
  private static let history = Result {
    Forger(
      try AccessHistory(
        salt: 1, entries: [3, 4, 12].map { AccessHistory.Entry(accessor: 7, time: $0) }, accessor: 7, from: 2, to: 9,
        context: 0))
  }

  @Test("an absent entry holds nothing: no access is hidden as absent")
  func hiddenEntry() throws {
    let forger = try Self.history.get()
    #expect(forger.altered().wires[2] == 2)
    // The last of the three entries, so that no gap comes of it; it is outside the window.
    let hidden = forger.altered(inputs: [7: 0])
    #expect(hidden.violations.count == 2, "an accessor and a time without a present bit")
    #expect(forger.altered(inputs: [7: 0, 8: 0]).violations.count == 1, "the time alone")
    #expect(forger.altered(inputs: [7: 0, 9: 0]).violations.count == 1, "the accessor alone")
    #expect(forger.altered(inputs: [7: 0, 8: 0, 9: 0]).violations.isEmpty, "an absent entry is another history")
  }

  @Test("an entry after an absent one is refused")
  func gap() throws {
    let forger = try Self.history.get()
    let gap = forger.altered(inputs: [1: 0, 2: 0, 3: 0])
    #expect(gap.wires[2] == 1 && gap.violations.count == 1)
  }

  @Test("an absent entry is not counted for accessor 0, and a present one once")
  func presence() throws {
    let none = Forger(try AccessHistory(salt: 1, entries: [], accessor: 0, from: 0, to: 9, context: 0))
    #expect(none.altered().wires[2] == 0 && none.altered().violations.isEmpty)
    let forger = try Self.history.get()
    for present in [2, -.one] as [Fr] { #expect(!forger.altered(inputs: [1: present]).violations.isEmpty) }
  }

  @Test("instants out of their range are refused, in the entries and in the window")
  func wrappedInstants() throws {
    let forger = try Self.history.get()
    for instant in [-.one, Fr(1 << 40)] as [Fr] {
      #expect(!forger.altered(inputs: [3: instant]).violations.isEmpty, "\(instant.decimal)")
      #expect(!forger.altered(publics: [4: instant]).violations.isEmpty, "from \(instant.decimal)")
      #expect(!forger.altered(publics: [5: instant]).violations.isEmpty, "to \(instant.decimal)")
    }
  }

  @Test("a count that is off by one satisfies nothing")
  func forgedCount() throws {
    let forger = try Self.history.get()
    for count in [0, 1, 3, -.one] as [Fr] {
      #expect(forger.altered(forcing: [2: count]).violations.count == 1)
    }
  }
}
