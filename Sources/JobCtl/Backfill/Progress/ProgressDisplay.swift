import Glibc
import Service
import Transport

/// Shows on standard error how far a backfill is: one line that is drawn again on a terminal, a line every 10 s elsewhere.
@EventLoop
final class ProgressDisplay {
  private let isTerminal: Bool
  private let line: @EventLoop () -> BackfillLine
  private var timer: LoopTimer?
  private var isDrawn = false

  /// - Parameter line: what there is to tell at this moment.
  init(environment: [String: String], line: @escaping @EventLoop () -> BackfillLine) {
    isTerminal = StandardStream.error.isTerminal && environment["TERM"] != "dumb"
    self.line = line
  }

  /// Begins to show.
  func start() {
    if isTerminal { draw() }
    arm()
  }

  /// Shows the last state and leaves the line.
  func finish() {
    timer?.cancel()
    timer = nil
    guard isTerminal else { return }
    draw()
    StandardStream.error.write("\n")
  }

  private func arm() {
    timer = EventLoop.after(isTerminal ? .milliseconds(200) : .seconds(10)) {
      self.draw()
      self.arm()
    }
  }

  private func draw() {
    let line = line()
    guard isTerminal else {
      StandardStream.error.write("jobctl: " + line.text(width: 1000, bar: false) + "\n")
      return
    }
    // The last column stays empty: some terminals wrap when it is written.
    StandardStream.error.write("\r" + line.text(width: Self.width() - 1) + "\u{1B}[K")
  }

  /// Columns of the terminal, read each time as it may be resized.
  private static func width() -> Int {
    var size = winsize()
    guard ioctl(StandardStream.error.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
