/// A view of one value in a `JSONDocument`; costs a reference and an index, and nothing is decoded before it is asked for.
public struct JSONValue: Sendable {
  /// The kinds of RFC 8259 section 3.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// `{...}`
    case object
    /// `[...]`
    case array
    /// `"..."`
    case string
    /// A number, of any size.
    case number
    /// `true` or `false`.
    case boolean
    /// `null`
    case null
  }

  let storage: JSONStorage
  let index: Int

  var node: JSONNode { storage.tape[index] }

  /// The value of a document that is `null` alone; stands for an absent value.
  public static var null: JSONValue { JSONDocument.null.root }

  /// What the value is.
  public var kind: Kind {
    switch node.kind {
    case .object: .object
    case .array: .array
    case .string, .name: .string
    case .number: .number
    case .yes, .no: .boolean
    case .null: .null
    }
  }

  /// Whether the value is `null`.
  public var isNull: Bool { node.kind == .null }

  /// Where the value lies in the document's bytes.
  public var range: Range<Int> { node.range }

  /// The value's own bytes, exactly as they were sent.
  public var rawBytes: [UInt8] {
    withRawBytes { $0.withUnsafeBufferPointer { Array($0) } }
  }

  /// Calls `body` with the value's own bytes, without a copy.
  public func withRawBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    let range = node.range
    return try storage.withSpan { (bytes) throws(E) in try body(bytes.extracting(range)) }
  }

  /// The unescaped string, or nil when this is no string.
  public var asString: String? {
    let node = node
    return node.kind == .string ? storage.string(node) : nil
  }

  /// The UTF-8 bytes of the unescaped string, or nil when this is no string.
  public var asStringBytes: [UInt8]? {
    let node = node
    return node.kind == .string ? storage.decoded(node) : nil
  }

  /// Whether this is a string of exactly these code points; does not allocate unless the string has escapes.
  public func isString(_ text: String) -> Bool {
    let node = node
    return node.kind == .string && storage.equals(node, text)
  }

  /// The boolean, or nil when this is none.
  public var asBool: Bool? {
    switch node.kind {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  /// The number as it was written, or nil when this is no number.
  public var numberText: String? {
    guard node.kind == .number else { return nil }
    return withRawBytes { $0.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
  }

  /// Whether this is a number without fraction and exponent, of any size.
  public var isInteger: Bool { node.kind == .number && node.flags & JSONNode.integer != 0 }

  /// The number when it is written without fraction and exponent and fits in 64 bits, else nil.
  public var asInt64: Int64? {
    guard isInteger else { return nil }
    let bytes = storage.bytes
    let range = node.range
    let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
    var value: Int64 = 0
    for offset in range.dropFirst(isNegative ? 1 : 0) {
      let digit = Int64(bytes[offset] &- UInt8(ascii: "0"))
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) =
        isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// The nearest binary64 number, or nil when this is no number or lies outside the finite range.
  public var asDouble: Double? {
    guard let text = numberText, let value = Double(text), value.isFinite else { return nil }
    return value
  }
}
