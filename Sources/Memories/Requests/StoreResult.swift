internal import JSONWire
internal import Service
public import Proofs

/// The result of `memory.store`.
public struct StoreResult: Sendable, Equatable {
  /// The memory's id.
  public var memoryID: String
  /// Its commitment, which is its leaf in the user's tree.
  public var commitment: Fr
  /// The place of its leaf.
  public var leafIndex: Int
  /// The root of the user's tree right after it was added.
  public var root: Fr
  /// When it was added, Unix ms of Redis.
  public var createdMs: Int64

  /// The result as JSON: `{memory_id, commitment, leaf_index, root, created_at}`.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("memory_id", memoryID)
      writer.field("commitment", commitment.decimal)
      writer.field("leaf_index", leafIndex)
      writer.field("root", root.decimal)
      writer.field("created_at", Timestamp(unixMs: createdMs).description)
    }
    return writer.bytes
  }
}
