import Foundation
import Glibc

/// What is known of a child process, shared by its owner and by the threads that read its output and await its end.
final class ChildState: @unchecked Sendable {
  enum Stream { case output, error }

  private let processID: pid_t
  // Guards every field below; broadcast at each change.
  private let condition = NSCondition()
  private var output: [String] = []
  private var error: [String] = []
  private var openStreams = 2
  private var ended: ChildProcess.Exit?

  init(processID: pid_t) { self.processID = processID }

  var exit: ChildProcess.Exit? { condition.withLock { ended } }

  func lines(of stream: Stream) -> [String] {
    condition.withLock { stream == .output ? output : error }
  }

  func signal(_ signal: Int32, group: Bool) {
    condition.withLock {
      guard ended == nil else { return }
      // The child leads a process group of its own, set before it executed.
      if group { Glibc.kill(-processID, signal) }
      Glibc.kill(processID, signal)
    }
  }

  func waitForLine(seconds: Double, _ matches: (String) -> Bool) -> String? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var seen = (output: 0, error: 0)
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let line = output[seen.output...].first(where: matches) { return line }
      if let line = error[seen.error...].first(where: matches) { return line }
      seen = (output.count, error.count)
      if ended != nil && openStreams == 0 { return nil }
      if !condition.wait(until: deadline) { return nil }
    }
  }

  func waitForExit(seconds: Double) -> ChildProcess.Exit? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    defer { condition.unlock() }
    // A grandchild may hold the pipes open, so the streams get one more second after the end, not for ever.
    while ended == nil { if !condition.wait(until: deadline) { return nil } }
    let grace = Date(timeIntervalSinceNow: 1)
    while openStreams > 0 { if !condition.wait(until: grace) { break } }
    return ended
  }

  func readLines(of descriptor: Int32, stream: Stream) {
    let thread = Thread { [self] in
      var pending: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65536)
      while true {
        let n = read(descriptor, &chunk, chunk.count)
        if n < 0 && errno == EINTR { continue }
        if n <= 0 { break }
        pending.append(contentsOf: chunk[..<n])
        var lines: [String] = []
        var start = 0
        while let end = pending[start...].firstIndex(of: 10) {
          lines.append(String(decoding: pending[start..<end], as: UTF8.self))
          start = end + 1
        }
        pending.removeFirst(start)
        if !lines.isEmpty { append(lines, to: stream) }
      }
      if !pending.isEmpty { append([String(decoding: pending, as: UTF8.self)], to: stream) }
      close(descriptor)
      condition.withLock {
        openStreams -= 1
        condition.broadcast()
      }
    }
    thread.stackSize = 512 * 1024
    thread.start()
  }

  func awaitExit() {
    let thread = Thread { [self] in
      var information = siginfo_t()
      // WNOWAIT leaves the zombie in place, so the id cannot be given to another process before the lock is held.
      while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
      condition.withLock {
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0 && errno == EINTR {}
        ended = status & 0x7f == 0 ? .status((status >> 8) & 0xff) : .signal(status & 0x7f)
        condition.broadcast()
      }
    }
    thread.stackSize = 512 * 1024
    thread.start()
  }

  private func append(_ lines: [String], to stream: Stream) {
    condition.withLock {
      if stream == .output { output += lines } else { error += lines }
      condition.broadcast()
    }
  }
}
