public import Foundation

/// JSON read by Foundation: an oracle that shares nothing with `JSONWire`.
public enum JSONTree: Sendable, Equatable, Decodable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without a fraction that fits 64 bits.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A string.
  case string(String)
  /// An array.
  case array([JSONTree])
  /// An object.
  case object([String: JSONTree])

  /// Reads one JSON text.
  public init(_ data: Data) throws { self = try JSONDecoder().decode(JSONTree.self, from: data) }

  /// Reads one JSON text.
  public init(_ text: String) throws { try self.init(Data(text.utf8)) }

  /// Reads a value of any kind.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONTree].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONTree].self))
    }
  }

  /// A member of an object; `null` when there is none.
  public subscript(_ name: String) -> JSONTree {
    if case .object(let members) = self { return members[name] ?? .null }
    return .null
  }

  /// An element of an array; `null` when there is none.
  public subscript(_ index: Int) -> JSONTree {
    elements.indices.contains(index) ? elements[index] : .null
  }

  /// The elements of an array; empty otherwise.
  public var elements: [JSONTree] {
    if case .array(let elements) = self { return elements }
    return []
  }

  /// The members of an object; empty otherwise.
  public var members: [String: JSONTree] {
    if case .object(let members) = self { return members }
    return [:]
  }

  /// The text of a string, nil otherwise.
  public var string: String? {
    if case .string(let text) = self { return text }
    return nil
  }

  /// The value of an integer, nil otherwise.
  public var int: Int? {
    if case .integer(let value) = self { return value }
    return nil
  }

  /// The value of a Boolean, nil otherwise.
  public var bool: Bool? {
    if case .bool(let value) = self { return value }
    return nil
  }
}
