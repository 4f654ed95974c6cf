/// JSON Pointer, RFC 6901: the address of a value within a document.
public enum JSONPointer {
  /// A name as one reference token: `~` becomes `~0`, `/` becomes `~1`.
  public static func escape(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A name of at most 64 characters, for messages; a longer one is cut and marked.
  static func shortened(_ name: String) -> String {
    name.utf8.count <= 64 ? name : String(name.unicodeScalars.prefix(48)) + "…"
  }

  /// The unescaped tokens of a pointer, or nil when it is malformed.
  static func tokens(_ pointer: String) -> [String]? {
    guard !pointer.isEmpty else { return [] }
    var tokens: [String] = []
    for part in pointer.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      var token: [UInt8] = []
      var bytes = part.makeIterator()
      while let byte = bytes.next() {
        guard byte == UInt8(ascii: "~") else {
          token.append(byte)
          continue
        }
        switch bytes.next() {
        case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
        case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
        default: return nil
        }
      }
      tokens.append(String(decoding: token, as: UTF8.self))
    }
    // What stands before the first "/" must be nothing.
    return tokens.removeFirst().isEmpty ? tokens : nil
  }

  /// An array index: digits without a leading zero.
  static func position(_ token: String) -> Int? {
    guard token.utf8.allSatisfy(JSONText.isDigit), token == "0" || !token.hasPrefix("0") else { return nil }
    return Int(token)
  }
}

extension JSONValue {
  /// The RFC 6901 pointer of this value in its document; empty for the root.
  ///
  /// - Complexity: O(number of values before it in its ancestors); for error messages.
  public var pointer: String {
    var result = ""
    var container = 0
    while container < index {
      let isObject = storage.tape[container].kind == .object
      var child = container + 1
      var position = 0
      // The child whose content covers `index`; a name covers itself and its value.
      while true {
        let end = Int(storage.tape[isObject ? child + 1 : child].next)
        if index < end { break }
        child = end
        position += 1
      }
      result += "/"
      result += isObject ? JSONPointer.escape(storage.string(storage.tape[child])) : String(position)
      if isObject, index == child { break }
      container = isObject ? child + 1 : child
    }
    return result
  }
}
