/// What a peer's head and framing may cost before it is refused.
public struct HTTPLimits: Sendable, Hashable {
  /// The most bytes of a head, with its first line and its last empty line.
  public var headBytes = 16 * 1024
  /// The most field lines of a head or of trailers.
  public var fields = 100
  /// The most bytes of a request target.
  public var targetBytes = 8 * 1024
  /// The most bytes of all chunk extensions of one body.
  public var extensionBytes = 4 * 1024
  /// The most bytes of a trailer section.
  public var trailerBytes = 8 * 1024

  /// Makes the default limits.
  public init() {}
}
