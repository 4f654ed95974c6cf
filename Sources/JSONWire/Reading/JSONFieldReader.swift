/// Reads an object with known fields strictly and collects every problem before it complains.
///
/// Each read names a field; what no read has named is unknown. A read of a required field that fails records the problem and
/// returns a placeholder (`""`, `0`, `false`, `JSONValue.null`), so that reading goes on; values count only when
/// `finish()`, called after the last read, did not throw. An optional field may be absent or `null`.
///
/// ```swift
/// var fields = JSONFieldReader(document.root)
/// let kind = fields.string("kind", length: 1...128)
/// let attempts = fields.optionalInt("max_attempts", in: 1...100) ?? 5
/// try fields.finish()
/// ```
public struct JSONFieldReader: Sendable {
  /// The object that is read; `null` when the value was none.
  public let object: JSONValue
  /// What has been found wrong so far; at most `mostProblems`, as each costs time and a hostile object has no end of them.
  public private(set) var problems: [JSONProblem] = []

  /// How many problems are collected; one more says that there are others.
  public static let mostProblems = 32

  private let prefix: String
  private let namesUnknown: Bool
  let isObject: Bool
  private var known: [String] = []

  /// Creates a reader of `value`; a value that is no object is a problem, and then the only one.
  ///
  /// - Parameters:
  ///   - prefix: what comes before the pointers, for a document that was a part of another (`"/payload"`).
  ///   - namesUnknown: whether problems repeat the names of unknown fields. They come from outside like any content, so
  ///     where problems are kept beside private content only their length is told.
  public init(_ value: JSONValue, prefix: String = "", namesUnknown: Bool = true) {
    object = value
    self.prefix = prefix
    self.namesUnknown = namesUnknown
    isObject = value.kind == .object
    if !isObject { mismatch(value, expected: "an object") }
  }

  /// Ends the reading.
  ///
  /// - Throws: all problems, unknown fields included.
  public mutating func finish() throws(JSONProblems) {
    refuseUnknownFields()
    guard !problems.isEmpty else { return }
    let others = isFull ? [JSONProblem(pointer: prefix + object.pointer, detail: "more problems are not listed")] : []
    throw JSONProblems(problems + others)
  }

  /// Records as a problem each field that no read has named; `finish()` does this.
  public mutating func refuseUnknownFields() {
    guard isObject else { return }
    for index in object.indexedNames() {
      guard !isFull else { return }
      let node = object.storage.tape[index]
      guard !known.contains(where: { object.storage.equals(node, $0) }) else { continue }
      let name = object.storage.string(node)
      var detail = namesUnknown ? "unknown field" : "an unknown field with a name of \(name.utf8.count) bytes"
      if let near = NearestName.suggestion(for: name, among: known) {
        detail += "; did you mean \"\(near)\"?"
      } else if !known.isEmpty, known.count <= 16 {
        detail += "; known are " + known.joined(separator: ", ")
      }
      reject(
        pointer: namesUnknown ? pointer(to: JSONPointer.shortened(name)) : prefix + object.pointer, detail)
    }
  }

  /// Names a field as known and returns it as it is; nil when it is absent. `null` is a value here.
  public mutating func field(_ name: String) -> JSONValue? {
    known.append(name)
    return object[name]
  }

  /// Names a field as known and returns it; nil when it is absent or `null`.
  public mutating func optionalValue(_ name: String) -> JSONValue? {
    guard let value = field(name), !value.isNull else { return nil }
    return value
  }

  /// A required field of any kind; a missing one is a problem. `null` is a value here.
  public mutating func value(_ name: String) -> JSONValue { required(name) ?? .null }

  /// The required field, or nil after recording that it is missing.
  mutating func required(_ name: String) -> JSONValue? {
    if let value = field(name) { return value }
    if isObject { reject(name, "missing") }
    return nil
  }

  /// Records a problem of the field `name`.
  public mutating func reject(_ name: String, _ detail: String) {
    if !isFull { reject(pointer: pointer(to: name), detail) }
  }

  /// Records a problem of a value within the object.
  public mutating func reject(_ value: JSONValue, _ detail: String) {
    if !isFull { reject(pointer: prefix + value.pointer, detail) }
  }

  /// Records that `value` is not what was expected ("expected a string, not an integer").
  public mutating func mismatch(_ value: JSONValue, expected: String) {
    if !isFull { reject(value, "expected \(expected), not \(value.summary)") }
  }

  /// Reads the object in an optional field by a reader of its own, whose problems, unknown fields included, join this one's.
  ///
  /// - Returns: what `body` returned; nil when the field is absent, `null` or no object.
  public mutating func optionalObject<R>(_ name: String, _ body: (inout JSONFieldReader) -> R) -> R? {
    guard let value = optionalValue(name) else { return nil }
    return nested(value, body)
  }

  /// Reads the object in a required field by a reader of its own, as `optionalObject` does; a missing one is a problem.
  public mutating func object<R>(_ name: String, _ body: (inout JSONFieldReader) -> R) -> R? {
    guard let value = required(name) else { return nil }
    return nested(value, body)
  }

  /// Reads an object anywhere within this one (an element of an array) by a reader of its own.
  public mutating func nested<R>(_ value: JSONValue, _ body: (inout JSONFieldReader) -> R) -> R? {
    var reader = JSONFieldReader(value, prefix: prefix, namesUnknown: namesUnknown)
    var result: R?
    if reader.isObject { result = body(&reader) }
    reader.refuseUnknownFields()
    problems += reader.problems.prefix(JSONFieldReader.mostProblems - problems.count)
    return result
  }

  private var isFull: Bool { problems.count >= JSONFieldReader.mostProblems }

  private mutating func reject(pointer: String, _ detail: String) {
    problems.append(JSONProblem(pointer: pointer, detail: detail))
  }

  private func pointer(to name: String) -> String { prefix + object.pointer + "/" + JSONPointer.escape(name) }
}
