import Foundation
import Glibc

/// A fresh folder, readable by us only, that goes away with this value.
public final class TemporaryFolder: Sendable {
  /// Its absolute path; short enough that a unix socket in it fits the 107 bytes of `sun_path`.
  public let path: String

  /// Makes the folder under TMPDIR, or under /tmp when TMPDIR is too long for a socket.
  public init(_ prefix: String = "wc") throws(SupportError) {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(base.utf8.count > 60 ? "/tmp" : base)/\(prefix).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .system("mkdtemp", errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in the folder.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `text` to `name`, readable by us only, and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    let path = file(name)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o600)
    return path
  }
}
