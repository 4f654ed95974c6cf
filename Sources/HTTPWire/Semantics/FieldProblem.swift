/// One wrong part of a request.
public struct FieldProblem: Sendable, Hashable {
  /// Where: a JSON pointer (RFC 6901), `/name` for a query parameter.
  public var pointer: String
  /// What is wrong and what would be right; never secret contents.
  public var detail: String

  /// Makes one.
  public init(_ pointer: String, _ detail: String) {
    self.pointer = pointer
    self.detail = detail
  }
}
