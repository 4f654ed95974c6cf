import Glibc
import Service
import Transport

/// Ends a restore in order at SIGINT and SIGTERM, and tells how far it is.
@EventLoop
final class RestoreControl {
  private var line = ProgressLine()
  private var isInterrupted = false

  /// - Throws: exit code 1 when signals cannot be watched.
  init() throws(ProgramEnd) {
    do throws(TransportError) {
      // The loop keeps it.
      _ = try SignalSource([SIGINT, SIGTERM]) { [weak self] _ in self?.isInterrupted = true }
    } catch {
      throw .failed(.failure, "\(error)")
    }
  }

  /// - Throws: exit code 130 once a signal came.
  func check() throws(ProgramEnd) {
    if isInterrupted { throw ProgramEnd(.interrupted, errors: "jobctl: interrupted\n") }
  }

  func tell(_ text: String) { line.tell { _ in text } }

  func end() { line.end() }

  /// A moment between two looks at a server.
  func pause() async {
    await withCheckedContinuation { continuation in
      EventLoop.after(.milliseconds(50)) { continuation.resume() }
    }
  }
}
