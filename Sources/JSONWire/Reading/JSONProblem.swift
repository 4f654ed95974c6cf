/// One thing that is wrong with an object: where, and what was expected instead.
///
/// The detail names types, lengths and limits. It never repeats what a string holds, as payloads are private.
public struct JSONProblem: Sendable, Hashable, CustomStringConvertible {
  /// RFC 6901 pointer of the value at fault, or of where a missing one belongs.
  public let pointer: String
  /// What was expected and what was found.
  public let detail: String

  /// Creates a problem.
  public init(pointer: String, detail: String) {
    self.pointer = pointer
    self.detail = detail
  }

  /// Pointer and detail in one line.
  public var description: String { pointer.isEmpty ? detail : "\(pointer): \(detail)" }
}

/// Everything that is wrong with an object, in the order it was found; never empty.
public struct JSONProblems: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problems.
  public let problems: [JSONProblem]

  /// Creates the error.
  public init(_ problems: [JSONProblem]) { self.problems = problems }

  /// A stable slug.
  public var code: String { "invalid_fields" }

  /// All problems in one line.
  public var description: String { problems.map(\.description).joined(separator: "; ") }
}
