import Synchronization

/// A Lua script that is run by its SHA-1 and loaded where a server lacks it.
///
/// The source belongs to the program, so that two versions of it can run side by side against one server.
public final class RedisScript: Sendable {
  /// The script's name, for errors, logs and metrics.
  public let name: String
  /// The Lua source.
  public let source: [UInt8]
  /// `EVALSHA` and the SHA-1 as bulk strings, from the moment when the SHA-1 is known.
  private let opening: Mutex<[UInt8]?>

  /// Makes a script; nothing is sent.
  ///
  /// - Parameters:
  ///   - name: for errors, logs and metrics.
  ///   - source: the Lua source.
  ///   - sha1: the SHA-1 of `source` as 40 hex digits; anything else counts as nil. Without it the first call goes out
  ///     as `EVAL`, and the answer of `SCRIPT LOAD` is kept.
  public init(name: String, source: [UInt8], sha1: String? = nil) {
    self.name = name
    self.source = source
    opening = Mutex(sha1.flatMap(Self.opening(sha1:)))
  }

  /// The SHA-1 of the source in lower case hex, once it is known.
  public var sha1: String? {
    opening.withLock { opening in
      opening.map { String(decoding: $0.dropLast(2).suffix(40), as: UTF8.self) }
    }
  }

  /// Keeps what `SCRIPT LOAD` answered; anything but 40 hex digits is passed over.
  func learn(sha1: String) {
    guard let learned = Self.opening(sha1: sha1) else { return }
    opening.withLock { $0 = learned }
  }

  var openingBySHA1: [UInt8]? { opening.withLock { $0 } }

  /// The command that loads the script.
  ///
  /// - Redis: `SCRIPT LOAD`.
  var loading: RedisCommand {
    var command = RedisCommand("SCRIPT", "LOAD")
    command.append(source)
    return command
  }

  private static func opening(sha1: String) -> [UInt8]? {
    guard sha1.utf8.count == 40, sha1.utf8.allSatisfy({ isHexDigit($0) }) else { return nil }
    return RedisCommand("EVALSHA", sha1.lowercased()).body
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
