/// Bounds of memories; reaching one is a clear error for the caller.
public enum MemoryLimits {
  /// Bytes of a user's name in UTF-8.
  public static let userBytes = 1...256
  /// Bytes of a memory's id in UTF-8.
  public static let idBytes = 1...128
  /// Bytes of a content in UTF-8; in practice `MAX_PAYLOAD_BYTES` ends it a little before.
  public static let contentBytes = 1...1_048_576
  /// Tags of a memory.
  public static let tags = 0...32
  /// Bytes of a tag in UTF-8.
  public static let tagBytes = 1...128
  /// Memories that a user may have at once. It bounds the work and the result of forgetting a user: 10,000 nullifiers
  /// are some 800 KB of JSON.
  public static let memoriesPerUser = 10_000
  /// Levels of a user's tree above its leaves.
  public static let treeDepth = 20
  /// Memories that a user may ever have stored: forgotten ones keep their place in the tree.
  public static let leavesPerUser = 1 << treeDepth
  /// How long it is remembered what forgetting a user answered, in milliseconds: 90 days, as long as a job can be
  /// requeued.
  public static let erasureMs: Int64 = 7_776_000_000
  /// How often an operation starts over because another one changed the user's tree meanwhile.
  public static let attempts = 24
}
