private import Synchronization

/// A number that goes up only. One atomic addition; from any thread.
public final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  init() {}

  /// Adds 1.
  public func increment() { count.wrappingAdd(1, ordering: .relaxed) }

  /// Adds `amount`; a negative amount adds nothing.
  public func increment(by amount: Int) {
    if amount > 0 { count.wrappingAdd(UInt64(amount), ordering: .relaxed) }
  }

  /// The count.
  public var value: UInt64 { count.load(ordering: .relaxed) }
}
