extension JSONValue {
  /// The members of an object in the order they were written; empty for other kinds.
  public var members: JSONMembers { JSONMembers(storage: storage, container: index) }

  /// The elements of an array in order; empty for other kinds.
  public var elements: JSONElements { JSONElements(storage: storage, container: index) }

  /// The number of members or elements; 0 for other kinds.
  ///
  /// - Complexity: O(n) in that number.
  public var count: Int {
    switch node.kind {
    case .array: elements.reduce(into: 0) { count, _ in count += 1 }
    case .object: indexedNames().reduce(into: 0) { count, _ in count += 1 }
    default: 0
    }
  }

  /// The member of this name, or nil when this is no object or has none.
  ///
  /// - Complexity: O(n) in the number of members; compares bytes and does not allocate.
  public subscript(name: String) -> JSONValue? {
    for index in indexedNames() where storage.equals(storage.tape[index], name) {
      return JSONValue(storage: storage, index: index + 1)
    }
    return nil
  }

  /// The value that an RFC 6901 pointer names below this one (`""` is this value), or nil.
  public subscript(pointer pointer: String) -> JSONValue? {
    guard let tokens = JSONPointer.tokens(pointer) else { return nil }
    var value = self
    for token in tokens {
      switch value.kind {
      case .object:
        guard let member = value[token] else { return nil }
        value = member
      case .array:
        guard let position = JSONPointer.position(token), let element = value.elements.at(position) else { return nil }
        value = element
      default:
        return nil
      }
    }
    return value
  }

  /// The tape indices of the names of an object.
  func indexedNames() -> some Sequence<Int> {
    let tape = storage.tape
    let node = tape[index]
    let first = node.kind == .object && node.next > index + 1 ? index + 1 : nil
    return sequence(state: first) { next in
      guard let name = next else { return nil }
      let following = Int(tape[name + 1].next)
      next = following < node.next ? following : nil
      return name
    }
  }
}

/// The members of an object, in order.
public struct JSONMembers: Sequence, Sendable {
  let storage: JSONStorage
  let container: Int

  /// Walks over the members.
  public struct Iterator: IteratorProtocol {
    let storage: JSONStorage
    var index: Int
    let end: Int

    /// The next member with its unescaped name.
    public mutating func next() -> (name: String, value: JSONValue)? {
      guard index < end else { return nil }
      let name = storage.string(storage.tape[index])
      let value = JSONValue(storage: storage, index: index + 1)
      index = Int(storage.tape[index + 1].next)
      return (name, value)
    }
  }

  /// An iterator at the first member.
  public func makeIterator() -> Iterator {
    let node = storage.tape[container]
    let start = container + 1
    return Iterator(storage: storage, index: start, end: node.kind == .object ? Int(node.next) : start)
  }
}

/// The elements of an array, in order.
public struct JSONElements: Sequence, Sendable {
  let storage: JSONStorage
  let container: Int

  /// Walks over the elements.
  public struct Iterator: IteratorProtocol {
    let storage: JSONStorage
    var index: Int
    let end: Int

    /// The next element.
    public mutating func next() -> JSONValue? {
      guard index < end else { return nil }
      let value = JSONValue(storage: storage, index: index)
      index = Int(storage.tape[index].next)
      return value
    }
  }

  /// An iterator at the first element.
  public func makeIterator() -> Iterator {
    let node = storage.tape[container]
    let start = container + 1
    return Iterator(storage: storage, index: start, end: node.kind == .array ? Int(node.next) : start)
  }

  func at(_ position: Int) -> JSONValue? {
    var iterator = makeIterator()
    for _ in 0..<position where iterator.next() == nil { return nil }
    return iterator.next()
  }
}
