/// Puts what ends in any order back into the order in which it began. Pure.
struct CommitOrder<Item> {
  private var next = 0
  private var early: [Int: Item] = [:]

  /// How many have ended and wait for one before them.
  var waiting: Int { early.count }

  /// Number `number` has ended; answers those that can be committed now, in their order.
  ///
  /// - Complexity: O(1) on average for each.
  mutating func ended(_ number: Int, _ item: Item) -> [Item] {
    early[number] = item
    var ready: [Item] = []
    while let item = early.removeValue(forKey: next) {
      ready.append(item)
      next += 1
    }
    return ready
  }
}
