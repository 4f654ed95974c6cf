import Synchronization

/// What the producers of the tests logged.
final class LogLines: Sendable {
  static let shared = LogLines()
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func take(_ line: [UInt8]) { lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
}
