import Synchronization

/// How many slots have work, and how many processors of idle ones are lent to jobs that can use several.
final class SlotLoad: Sendable {
  /// How many slots there are.
  let slots: Int
  private let busy = Atomic<Int>(0)
  private let lent = Atomic<Int>(0)

  init(slots: Int) { self.slots = slots }

  /// A slot has begun a piece of work.
  func began() { busy.wrappingAdd(1, ordering: .relaxed) }

  /// A slot has ended one.
  func ended() { busy.wrappingSubtract(1, ordering: .relaxed) }

  /// Lends what nobody uses at this moment, at most `most`; the borrower gives it back. A job that comes later gets its
  /// slot all the same.
  func borrow(most: Int) -> Int {
    var already = lent.load(ordering: .relaxed)
    while true {
      let idle = min(most, slots - busy.load(ordering: .relaxed) - already)
      guard idle > 0 else { return 0 }
      let (exchanged, original) = lent.compareExchange(
        expected: already, desired: already + idle, ordering: .relaxed)
      if exchanged { return idle }
      already = original
    }
  }

  /// Takes back what was lent.
  func giveBack(_ count: Int) { lent.wrappingSubtract(count, ordering: .relaxed) }
}
