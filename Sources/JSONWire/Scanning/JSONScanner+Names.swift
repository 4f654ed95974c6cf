extension JSONScanner {
  /// Refuses the innermost object when two of its names are the same after unescaping.
  ///
  /// Few names are compared with each other, many go through a hash table with the process's random seed, so that no
  /// choice of names makes this more than linear.
  func refuseDuplicateNames(_ bytes: Span<UInt8>) throws(JSONError) {
    let first = Int(open) + 1
    var count = 0
    var index = first
    while index < tape.count {
      count += 1
      index = Int(tape[index + 1].next)
    }
    guard count > 1 else { return }
    guard count <= 16 else { return try refuseDuplicatesByHash(bytes, first: first, count: count) }
    index = Int(tape[first + 1].next)
    while index < tape.count {
      var earlier = first
      while earlier < index {
        if JSONText.same(bytes, tape[earlier], tape[index]) { throw duplicate(tape[index]) }
        earlier = Int(tape[earlier + 1].next)
      }
      index = Int(tape[index + 1].next)
    }
  }

  private func refuseDuplicatesByHash(_ bytes: Span<UInt8>, first: Int, count: Int) throws(JSONError) {
    var capacity = 64
    while capacity < count * 2 { capacity *= 2 }
    var slots = [UInt32](repeating: JSONNode.none, count: capacity)
    var index = first
    while index < tape.count {
      var slot = JSONText.hash(bytes, tape[index]) & (capacity - 1)
      while slots[slot] != JSONNode.none {
        if JSONText.same(bytes, tape[Int(slots[slot])], tape[index]) { throw duplicate(tape[index]) }
        slot = (slot + 1) & (capacity - 1)
      }
      slots[slot] = UInt32(truncatingIfNeeded: index)
      index = Int(tape[index + 1].next)
    }
  }

  private func duplicate(_ name: JSONNode) -> JSONError {
    JSONError(
      code: .duplicateName, offset: Int(name.start), message: "an object has the same member name twice",
      pointer: "")
  }
}
