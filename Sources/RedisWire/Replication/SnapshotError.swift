/// Why a snapshot did not come over whole.
public enum SnapshotError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No connection, or the server answered an error; `NOPERM` and unknown commands mean that it gives no snapshots.
  case redis(RedisError)
  /// The server sent what is not the protocol of replication; the text says what was expected.
  case malformed(String)
  /// The connection ended in the middle.
  case cutShort(received: Int64, expected: Int64?)
  /// Nothing came for so long, not even the sign of life that a server sends while it saves.
  case silent(Duration)
  /// Whoever takes the bytes takes no more.
  case refused

  /// Whether the server says that it does not replicate to this client, so that another way must be taken.
  public var isUnsupported: Bool {
    switch self {
    case .redis(.server("NOPERM", _)): true
    case .redis(.server(_, let message)):
      message.contains("unknown command") || message.contains("Unrecognized REPLCONF")
        || message.contains("not allowed")
    default: false
    }
  }

  /// What happened and what to do about it.
  public var description: String {
    switch self {
    case .redis(let error): error.description
    case .malformed(let expected): "the server does not speak the protocol of replication: expected \(expected)"
    case .cutShort(let received, let expected):
      "the connection ended after \(received) bytes\(expected.map { " of \($0)" } ?? ""); look into the server's log"
    case .silent(let time): "the server sent nothing for \(time); look into its log"
    case .refused: "the bytes could not be kept"
    }
  }
}

/// Of which moment of which server a snapshot is.
public struct SnapshotOrigin: Sendable, Hashable {
  /// The server's replication id: 40 hex digits.
  public let replicationID: String
  /// The offset of the stream of changes at the moment of the snapshot.
  public let offset: Int64
}
