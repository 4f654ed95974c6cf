import Service

/// Tells on standard error how far something is, once it takes more than a second: in place on a terminal, else a line
/// every five seconds.
struct ProgressLine {
  private let isTerminal = StandardStream.error.isTerminal
  private let began = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private var isShown = false

  /// Tells, unless it told a moment ago.
  ///
  /// - Parameter text: what to say, from the seconds since the beginning.
  mutating func tell(_ text: (Double) -> String) {
    let now = ContinuousClock.now
    guard now - began > .seconds(1), last.map({ now - $0 > (isTerminal ? .milliseconds(200) : .seconds(5)) }) ?? true
    else { return }
    last = now
    isShown = true
    let text = text(seconds)
    StandardStream.error.write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
  }

  /// Clears the line.
  mutating func end() {
    if isShown && isTerminal { StandardStream.error.write("\r\u{1B}[K") }
    isShown = false
  }

  private var seconds: Double { Double(nanoseconds) / 1e9 }

  private var nanoseconds: Int64 {
    let (seconds, attoseconds) = (ContinuousClock.now - began).components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }

  /// `12%` of a total, `12345` without one.
  static func share(_ done: Int64, of total: Int64?) -> String {
    guard let total, total > 0 else { return "\(done)" }
    return "\(done) of \(total) (\(Int(Double(min(done, total)) / Double(total) * 100))%)"
  }
}
