/// How much a log line matters.
public enum LogLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
  /// Every step, for a developer.
  case trace
  /// What a developer needs to find a fault.
  case debug
  /// What an operator may want to know.
  case info
  /// Normal, but worth a look.
  case notice
  /// Something went wrong and was dealt with.
  case warning
  /// Something was asked for and failed.
  case error
  /// The service cannot do its work.
  case critical

  /// The level's word, as in LOG_LEVEL and in the field `level`.
  public var name: String { "\(self)" }

  /// The level of this word; nil when there is none.
  public init?(name: String) {
    guard let level = LogLevel.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// Whether `a` matters less than `b`.
  public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rawValue < b.rawValue }
}
