/// Members in one call each.
extension JSONWriter {
  /// Writes a member with a string.
  public mutating func field(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  /// Writes a member with an integer.
  public mutating func field(_ name: String, _ value: Int) {
    key(name)
    int(value)
  }

  /// Writes a member with an integer of any width.
  public mutating func field(_ name: String, _ value: some BinaryInteger) {
    key(name)
    int(value)
  }

  /// Writes a member with a number; `null` when it is not finite.
  public mutating func field(_ name: String, _ value: Double) {
    key(name)
    double(value)
  }

  /// Writes a member with a boolean.
  public mutating func field(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  /// Writes a member with a value as it was sent.
  public mutating func field(_ name: String, _ value: JSONValue) {
    key(name)
    self.value(value)
  }

  /// Writes a member with an array of strings.
  public mutating func field(_ name: String, _ values: [String]) {
    key(name)
    array { writer in
      for value in values { writer.string(value) }
    }
  }

  /// Writes a member with bytes that are one JSON value already; they are not checked.
  public mutating func field(_ name: String, raw json: [UInt8]) {
    key(name)
    raw(json)
  }

  /// Writes a member with `null`.
  public mutating func fieldNull(_ name: String) {
    key(name)
    null()
  }

  /// Writes a member with an object whose members `body` writes.
  public mutating func object<E: Error>(_ name: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    key(name)
    try object(body)
  }

  /// Writes a member with an array whose elements `body` writes.
  public mutating func array<E: Error>(_ name: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    key(name)
    try array(body)
  }
}
