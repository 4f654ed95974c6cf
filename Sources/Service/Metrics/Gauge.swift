private import Synchronization

/// A number that goes up and down; from any thread.
public final class Gauge: Sendable {
  private let bits = Atomic<UInt64>(0)

  init() {}

  /// Sets the number.
  public func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

  /// Sets the number.
  public func set(_ value: Int) { set(Double(value)) }

  /// Adds `amount`, which may be negative.
  public func add(_ amount: Double) { bits.add(amount) }

  /// The number.
  public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}
