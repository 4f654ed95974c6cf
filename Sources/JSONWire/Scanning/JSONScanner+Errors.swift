extension JSONScanner {
  /// An error at `position`.
  func error(_ code: JSONError.Code, _ message: String) -> JSONError {
    JSONError(code: code, offset: position, message: message)
  }

  func tooMany() -> JSONError {
    error(.tooManyValues, "the document has more than \(limits.values) values and names")
  }

  func truncated(_ expectation: Expectation) -> JSONError {
    switch expectation {
    case .value where tape.isEmpty: error(.truncated, "the document is empty")
    case .value: error(.truncated, "the document ends where a value was expected")
    case .valueOrEnd: error(.truncated, "the document ends inside an array")
    case .nameOrEnd, .name: error(.truncated, "the document ends where a member name was expected")
    case .separatorOrEnd: error(.truncated, "the document ends before its objects and arrays are closed")
    }
  }

  /// The pointer of what was being read when a scan failed.
  ///
  /// Climbs from the innermost open container to the root; in each, the children before the open one are complete,
  /// so that their `next` leads on.
  func openPointer(_ bytes: Span<UInt8>) -> String {
    var tokens: [String] = []
    var container = open
    var child = tape.count
    while container != JSONNode.none {
      let node = tape[Int(container)]
      var index = Int(container) + 1
      var position = 0
      if node.kind == .object {
        var name: JSONNode?
        while index < child {
          name = tape[index]
          guard index + 1 < child else { break }
          index = Int(tape[index + 1].next)
          // The value is complete and the next name has not been read: the object itself is at fault.
          if index == child, child == tape.count { name = nil }
        }
        if let name { tokens.append(JSONPointer.escape(JSONPointer.shortened(JSONText.string(bytes, name)))) }
      } else {
        while index < child {
          index = Int(tape[index].next)
          position += 1
        }
        tokens.append(String(position))
      }
      child = Int(container)
      container = node.next
    }
    return tokens.reversed().map { "/" + $0 }.joined()
  }
}
