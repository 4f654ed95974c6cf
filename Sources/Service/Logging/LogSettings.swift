/// The settings of the log that all programs have: LOG_LEVEL and LOG_FORMAT.
public struct LogSettings: Sendable, Hashable {
  /// The least level that is written.
  public let level: LogLevel
  /// How lines are written.
  public let format: LogFormat

  /// Declares and reads the settings.
  ///
  /// - Parameter isTerminal: whether standard error is a terminal; lines are text then, unless LOG_FORMAT says otherwise.
  public init(_ reader: inout ConfigurationReader, isTerminal: Bool = StandardStream.error.isTerminal) {
    let levels = LogLevel.allCases.map(\.name)
    let level = reader.oneOf("LOG_LEVEL", "least level of log lines", default: LogLevel.info.name, levels)
    let format = reader.oneOf(
      "LOG_FORMAT", "json, text, or auto: text on a terminal, else json", default: "auto", ["json", "text", "auto"])
    self.level = LogLevel(name: level) ?? .info
    self.format = LogFormat(setting: format, isTerminal: isTerminal) ?? .json
  }

  /// A logger to standard error.
  public func logger() -> Logger { Logger(level: level, format: format) }
}
