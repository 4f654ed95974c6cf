public import Proofs

/// What a memory is about, as far as policies ask.
public struct MemoryCategory: Sendable, Hashable {
  /// Money.
  public var finance: Bool
  /// Health.
  public var health: Bool
  /// A person.
  public var personal: Bool

  /// Creates a category; the default is none of them.
  public init(finance: Bool = false, health: Bool = false, personal: Bool = false) {
    self.finance = finance
    self.health = health
    self.personal = personal
  }

  /// The category of flag bits, or nil when a bit is set that has no meaning.
  init?(bits: Int) {
    guard (0...7).contains(bits) else { return nil }
    self.init(finance: bits & 1 != 0, health: bits & 2 != 0, personal: bits & 4 != 0)
  }

  /// The flag bits: 1 for finance, 2 for health, 4 for personal.
  public var bits: Int { (finance ? 1 : 0) | (health ? 2 : 0) | (personal ? 4 : 0) }

  /// The flag bits as the commitment takes them.
  public var flags: Fr { Fr(UInt64(bits)) }
}
