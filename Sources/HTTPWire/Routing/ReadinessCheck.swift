public import JSONWire

/// One thing that says whether a program can do its work.
public struct ReadinessCheck: Sendable, Hashable {
  /// How a check ended.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// All is well.
    case pass
    /// Something is weaker than it could be; the program is ready all the same.
    case warn
    /// The program is not ready.
    case fail
  }

  /// A stable word.
  public var name: String
  /// How it ended.
  public var outcome: Outcome
  /// What was found and what to do, or nil.
  public var detail: String?

  /// Makes a check.
  public init(_ name: String, _ outcome: Outcome, detail: String? = nil) {
    self.name = name
    self.outcome = outcome
    self.detail = detail
  }

  /// Makes a check that passed or failed.
  public init(_ name: String, isPassing: Bool, detail: String? = nil) {
    self.init(name, isPassing ? .pass : .fail, detail: detail)
  }

  /// Writes the check as an object.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", name)
      writer.field("outcome", outcome.rawValue)
      if let detail { writer.field("detail", detail) }
    }
  }
}
