internal import JSONWire
public import Proofs

/// The result of `memory.verify`.
public struct VerifyResult: Sendable, Equatable {
  /// Whether the commitment is that of the content, and the leaf stands in the tree.
  public var valid: Bool
  /// The commitment computed from the opened content.
  public var commitment: Fr
  /// The root of the user's tree now.
  public var root: Fr
  /// Whether the leaf's path leads to that root.
  public var included: Bool

  /// The result as JSON: `{valid, commitment, root, included}`.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("valid", valid)
      writer.field("commitment", commitment.decimal)
      writer.field("root", root.decimal)
      writer.field("included", included)
    }
    return writer.bytes
  }
}
