/// What a document may cost before it is refused; every bound is checked while scanning, before memory is spent on it.
public struct JSONLimits: Sendable, Hashable {
  /// How deep objects and arrays may nest; a scalar at the top has depth 0.
  public var depth: Int
  /// The longest document, in bytes. Values above 2 GiB are read as 2 GiB.
  public var bytes: Int
  /// The most values and member names together; each costs 16 bytes of index.
  public var values: Int
  /// The longest text of one number, in bytes, so that converting it stays cheap.
  public var numberBytes: Int

  /// Creates limits; what is not given keeps the default.
  public init(depth: Int = 64, bytes: Int = 1 << 20, values: Int = 1 << 18, numberBytes: Int = 1024) {
    self.depth = depth
    self.bytes = bytes
    self.values = values
    self.numberBytes = numberBytes
  }

  /// 64 levels, 1 MiB, 262144 values and names, numbers of 1024 bytes.
  public static let `default` = JSONLimits()
}
