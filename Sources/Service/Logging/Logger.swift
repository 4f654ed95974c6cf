/// Writes log lines: level, message and fields, as one JSON object or one line of text.
///
/// A value with its context fields; pass it on and add fields by `with`. Usable from any thread. A level that is off costs one
/// comparison: message and fields are not built.
public struct Logger: Sendable {
  /// The least level that is written.
  public let level: LogLevel
  /// How lines are written.
  public let format: LogFormat

  private let context: [LogField]
  private let sink: LogSink
  private let clock: @Sendable () -> Int64

  /// Creates a logger.
  ///
  /// - Parameters:
  ///   - sink: gets each line; tests give one that keeps them.
  ///   - clock: Unix milliseconds.
  public init(
    level: LogLevel = .info, format: LogFormat = .json, sink: @escaping LogSink = LogSinks.standardError,
    clock: @escaping @Sendable () -> Int64 = { WallClock.nowMs() }
  ) {
    self.init(level: level, format: format, context: [], sink: sink, clock: clock)
  }

  private init(
    level: LogLevel, format: LogFormat, context: [LogField], sink: @escaping LogSink,
    clock: @escaping @Sendable () -> Int64
  ) {
    self.level = level
    self.format = format
    self.context = context
    self.sink = sink
    self.clock = clock
  }

  /// A logger that writes nothing.
  public static let silent = Logger(level: .critical, sink: { _ in })

  /// A logger whose lines carry these fields too; a later field of the same name wins.
  public func with(_ fields: LogField...) -> Logger {
    Logger(level: level, format: format, context: context + fields, sink: sink, clock: clock)
  }

  /// Whether lines of `level` are written; for work that is done only to log it.
  public func isEnabled(_ level: LogLevel) -> Bool { level >= self.level }

  /// Writes a line.
  public func log(
    _ level: LogLevel, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []
  ) {
    guard level >= self.level else { return }
    let line = LogLine(
      time: Timestamp(unixMs: clock()), level: level, message: message(), fields: context + fields())
    sink(line.bytes(as: format))
  }

  /// Writes a line unless `limiter` has let one with this key pass too recently; the field `suppressed` says how many have
  /// been left out since the last one.
  public func log(
    _ level: LogLevel, limitedBy limiter: LogLimiter, key: String, _ message: @autoclosure () -> String,
    _ fields: @autoclosure () -> [LogField] = []
  ) {
    guard level >= self.level, let suppressed = limiter.admit(key) else { return }
    log(level, message(), suppressed == 0 ? fields() : fields() + [.int("suppressed", suppressed)])
  }

  /// Writes a line of level trace.
  public func trace(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []) {
    log(.trace, message(), fields())
  }

  /// Writes a line of level debug.
  public func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []) {
    log(.debug, message(), fields())
  }

  /// Writes a line of level info.
  public func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []) {
    log(.info, message(), fields())
  }

  /// Writes a line of level notice.
  public func notice(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []) {
    log(.notice, message(), fields())
  }

  /// Writes a line of level warning.
  public func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []) {
    log(.warning, message(), fields())
  }

  /// Writes a line of level error.
  public func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []) {
    log(.error, message(), fields())
  }

  /// Writes a line of level critical.
  public func critical(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogField] = []) {
    log(.critical, message(), fields())
  }
}
