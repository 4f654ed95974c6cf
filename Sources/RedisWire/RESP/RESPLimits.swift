/// How large a reply may be; a larger one is a protocol violation and ends the connection.
public struct RESPLimits: Sendable, Equatable {
  /// How many aggregates may lie inside each other.
  public var depth: Int
  /// How many values one reply may have in all.
  public var elements: Int
  /// Bytes of one string.
  public var bulkBytes: Int
  /// Bytes of one whole reply, framing included.
  public var replyBytes: Int

  /// Makes limits; the defaults fit a client whose largest reply is a page of jobs.
  public init(
    depth: Int = 32, elements: Int = 4_000_000, bulkBytes: Int = 64 << 20, replyBytes: Int = 256 << 20
  ) {
    self.depth = depth
    self.elements = elements
    self.bulkBytes = bulkBytes
    self.replyBytes = replyBytes
  }

  /// 32 levels, 4 million values, 64 MiB a string, 256 MiB a reply.
  public static let `default` = RESPLimits()
}
