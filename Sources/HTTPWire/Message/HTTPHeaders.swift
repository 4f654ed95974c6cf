/// Header fields in order, with names compared without regard to case (RFC 9110 section 5).
///
/// All text lies in one byte array and a field is two ranges into it: a parsed head costs two allocations, an empty
/// value none. Lookups are linear; a head has at most a hundred fields.
public struct HTTPHeaders: Sendable {
  /// Where one field lies in `bytes`.
  struct Field: Sendable {
    var name: Range<Int32>
    var value: Range<Int32>
  }

  /// The text that `fields` points into; of a parsed head, the whole head with its request line.
  private(set) var bytes: [UInt8]
  private(set) var fields: [Field]

  /// Makes an empty set of fields, without allocating.
  public init() {
    bytes = []
    fields = []
  }

  /// Takes over a parsed head.
  init(bytes: [UInt8], fields: [Field]) {
    self.bytes = bytes
    self.fields = fields
  }

  /// The number of field lines.
  public var count: Int { fields.count }

  /// Whether there is no field.
  public var isEmpty: Bool { fields.isEmpty }

  /// The value of the first field called `name`, with ill-formed UTF-8 repaired, or nil.
  public subscript(name: String) -> String? {
    for field in fields where matches(field, name) { return text(field.value) }
    return nil
  }

  /// The values of all fields called `name`, in order.
  public func values(_ name: String) -> [String] {
    fields.compactMap { matches($0, name) ? text($0.value) : nil }
  }

  /// Whether a field called `name` is there.
  public func contains(_ name: String) -> Bool { fields.contains { matches($0, name) } }

  /// Calls `body` with the bytes of the first value of `name`; no String is made.
  public func withValue<Result, Failure: Error>(
    of name: String, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    for field in fields where matches(field, name) {
      return try body(bytes.span.extracting(Int(field.value.lowerBound)..<Int(field.value.upperBound)))
    }
    return nil
  }

  /// Adds a field after the others.
  ///
  /// A byte that a name cannot hold becomes `-` and one that a value cannot hold becomes a space, so that no value,
  /// wherever it came from, can end a line and forge a field or a response.
  public mutating func append(_ name: String, _ value: String) {
    let nameStart = bytes.count
    bytes.reserveCapacity(nameStart + name.utf8.count + value.utf8.count)
    for byte in name.utf8 { bytes.append(ASCII.isToken(byte) ? byte : UInt8(ascii: "-")) }
    let valueStart = bytes.count
    for byte in value.utf8 { bytes.append(ASCII.isFieldValue(byte) ? byte : ASCII.space) }
    guard let end = Int32(exactly: bytes.count) else { return }
    fields.append(Field(name: Int32(nameStart)..<Int32(valueStart), value: Int32(valueStart)..<end))
  }

  /// Removes every field called `name`, then adds one.
  public mutating func set(_ name: String, _ value: String) {
    remove(name)
    append(name, value)
  }

  /// Removes every field called `name`; its text stays in memory until the value goes.
  public mutating func remove(_ name: String) {
    let source = self
    fields.removeAll { source.matches($0, name) }
  }

  /// Adds all fields of `other` after these.
  public mutating func append(contentsOf other: HTTPHeaders) {
    for (name, value) in other { append(name, value) }
  }

  private func text(_ range: Range<Int32>) -> String {
    String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
  }

  private func matches(_ field: Field, _ name: String) -> Bool {
    guard field.name.count == name.utf8.count else { return false }
    var index = Int(field.name.lowerBound)
    for byte in name.utf8 {
      if ASCII.lowercased(bytes[index]) != ASCII.lowercased(byte) { return false }
      index += 1
    }
    return true
  }
}

extension HTTPHeaders: Sequence {
  /// Goes over the fields in order as text.
  public func makeIterator() -> AnyIterator<(name: String, value: String)> {
    var index = 0
    return AnyIterator {
      guard index < fields.count else { return nil }
      defer { index += 1 }
      return (text(fields[index].name), text(fields[index].value))
    }
  }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  /// Makes fields from a literal, in its order.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements { append(name, value) }
  }
}

extension HTTPHeaders: Equatable {
  /// Whether both hold the same names (without regard to case) and values in the same order.
  public static func == (left: HTTPHeaders, right: HTTPHeaders) -> Bool {
    left.elementsEqual(right) { $0.name.lowercased() == $1.name.lowercased() && $0.value == $1.value }
  }
}
