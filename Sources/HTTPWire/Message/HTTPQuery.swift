/// The parameters of a query string, `name=value` joined by `&`, decoded strictly, in order.
public struct HTTPQuery: Sendable {
  /// Names and values in order; a name without `=` has the value "".
  public let items: [(name: String, value: String)]

  /// Reads a query.
  ///
  /// - Throws: 400 `malformed-query` for a broken percent escape, a NUL or bytes that are not UTF-8.
  public init(_ bytes: Span<UInt8>) throws(Problem) {
    var items: [(name: String, value: String)] = []
    var start = 0
    while start < bytes.count {
      var end = start
      var equals: Int?
      while end < bytes.count, bytes[end] != UInt8(ascii: "&") {
        if equals == nil, bytes[end] == UInt8(ascii: "=") { equals = end }
        end += 1
      }
      if end > start {
        let nameEnd = equals ?? end
        let valueStart = equals.map { $0 + 1 } ?? end
        guard let name = PercentDecoding.text(bytes.extracting(start..<nameEnd)),
          let value = PercentDecoding.text(bytes.extracting(valueStart..<end))
        else {
          throw Problem(
            .badRequest, "malformed-query", "The query string is malformed",
            detail: "A parameter holds a broken percent escape, a NUL or bytes that are not UTF-8.")
        }
        items.append((name, value))
      }
      start = end + 1
    }
    self.items = items
  }

  /// The first value of `name`, or nil.
  public subscript(name: String) -> String? { items.first { $0.name == name }?.value }

  /// All values of `name`, in order.
  public func values(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

  /// The first value of `name` as a number, a Boolean or the like; nil when the parameter is not there.
  ///
  /// - Throws: 400 `invalid-query` that names the parameter when its value is not a `Value`.
  public func value<Value: LosslessStringConvertible>(_ name: String, as type: Value.Type) throws(Problem) -> Value? {
    guard let text = self[name] else { return nil }
    guard let value = Value(text) else {
      throw Self.invalid([FieldProblem("/\(name)", "must be of type \(Value.self)")])
    }
    return value
  }

  /// Refuses parameters that are not in `known` and any that stands twice, naming each.
  public func check(known: Set<String>) throws(Problem) {
    let advice = known.isEmpty ? "none is taken here" : "known are \(known.sorted().joined(separator: ", "))"
    var seen: Set<String> = []
    var errors: [FieldProblem] = []
    for item in items {
      if !known.contains(item.name) {
        errors.append(FieldProblem("/\(item.name)", "is not known here; \(advice)"))
      } else if !seen.insert(item.name).inserted {
        errors.append(FieldProblem("/\(item.name)", "stands more than once"))
      }
    }
    if !errors.isEmpty { throw Self.invalid(errors) }
  }

  private static func invalid(_ errors: [FieldProblem]) -> Problem {
    Problem(.badRequest, "invalid-query", "The query is not valid", errors: errors)
  }
}
