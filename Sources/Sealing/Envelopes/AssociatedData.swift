/// What a seal is bound to besides its content: a list of fields, written so that two different lists never read alike.
///
/// Each field is its length as 8 bytes, big-endian, and its bytes: `["ab", "c"]` and `["a", "bc"]` differ.
public struct AssociatedData: Sendable, Equatable {
  /// The encoded list.
  public private(set) var bytes: [UInt8] = []

  /// An empty list.
  public init() {}

  /// A list of texts, as UTF-8.
  public init(_ fields: String...) {
    for field in fields { append(field) }
  }

  /// Adds a text as UTF-8.
  public mutating func append(_ field: String) {
    append(length: field.utf8.count)
    bytes.append(contentsOf: field.utf8)
  }

  /// Adds bytes.
  public mutating func append(_ field: [UInt8]) {
    append(length: field.count)
    bytes.append(contentsOf: field)
  }

  private mutating func append(length: Int) {
    withUnsafeBytes(of: UInt64(length).bigEndian) { bytes.append(contentsOf: $0) }
  }
}
