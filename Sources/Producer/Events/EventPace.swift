import HTTPWire
import Transport

/// When a stream of events looks for news, and when it shows that it is alive.
@EventLoop
enum EventPace {
  /// How long a reader waits before it connects again, in milliseconds.
  static let retryMs = 2000
  /// How long a stream waits until Redis has confirmed its channels.
  static let patience = Duration.seconds(1)
  /// After this silence both ends are shown that the other is there.
  private static let heartbeat = Duration.seconds(15)

  /// Calls `look` now and after each ring until it has had enough, the process ends or the reader goes or falls behind.
  ///
  /// - Parameter beat: what is written into a silence.
  static func follow(
    _ listener: EventHub.Listener, _ writer: ResponseWriter, beat: () -> [UInt8], _ look: () async throws -> Bool
  ) async throws {
    var isSilent = false
    let timer = LoopTimer {
      isSilent = true
      listener.bell.raise()
    }
    defer { timer.cancel() }
    while true {
      let seen = listener.bell.generation
      let before = writer.bytesWritten
      if isSilent { try await writer.write(beat()) }
      isSilent = false
      guard try await look(), !listener.isOver, !Task.isCancelled, writer.isOpen else { return }
      if writer.bytesWritten != before || !timer.isArmed { timer.schedule(after: heartbeat) }
      await listener.bell.wait(after: seen)
    }
  }
}
