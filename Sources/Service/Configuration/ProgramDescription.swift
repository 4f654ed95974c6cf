/// What `--help` and `--version` say of a program.
public struct ProgramDescription: Sendable {
  /// The program's name.
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// Command lines with their meaning.
  public let examples: [(command: String, meaning: String)]
  /// How operands are written after the flags, when it takes any.
  public let operands: String?

  /// Creates a description.
  public init(
    name: String, summary: String, examples: [(command: String, meaning: String)] = [], operands: String? = nil
  ) {
    self.name = name
    self.summary = summary
    self.examples = examples
    self.operands = operands
  }
}
