import Glibc
import Service
import Transport

/// What `--watch` shows again and again: in place on a terminal, with the cursor out of the way until it ends.
@EventLoop
final class WatchScreen {
  private static let hideCursor = "\u{1B}[?25l"
  private static let showCursor = "\u{1B}[?25h"
  private static let clear = "\u{1B}[H\u{1B}[2J"

  private let isTerminal: Bool
  private var isCursorHidden = false

  init(isWatching: Bool, isJSON: Bool) { isTerminal = isWatching && !isJSON && StandardStream.output.isTerminal }

  /// Ends the program at SIGINT and SIGTERM with exit code 130, the terminal as it was. They must be blocked.
  func heedSignals() throws(TransportError) {
    _ = try SignalSource([SIGINT, SIGTERM]) { _ in
      self.leave()
      ProgramEnd(.interrupted).perform()
    }
  }

  /// Shows a text; false when nobody reads any more.
  func show(_ text: String) -> Bool {
    guard isTerminal else { return StandardStream.output.write(Array(text.utf8)) }
    let start = isCursorHidden ? Self.clear : Self.hideCursor + Self.clear
    isCursorHidden = true
    return StandardStream.output.write(Array((start + text).utf8))
  }

  /// Gives the cursor back.
  func leave() {
    if isCursorHidden { StandardStream.output.write(Self.showCursor) }
    isCursorHidden = false
  }
}
