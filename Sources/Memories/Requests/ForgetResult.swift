internal import JSONWire
public import Proofs

/// The result of `memory.forget`.
public struct ForgetResult: Sendable, Equatable {
  /// How many memories are gone by this job.
  public var forgotten: Int
  /// Their nullifiers; fewer than `forgotten` when some of a user's memories were damaged and could not be opened.
  public var nullifiers: [Fr]

  /// The result as JSON: `{forgotten, nullifiers}`.
  public var json: [UInt8] {
    var writer = JSONWriter(capacity: 64 + nullifiers.count * 82)
    writer.object { writer in
      writer.field("forgotten", forgotten)
      writer.array("nullifiers") { writer in
        for nullifier in nullifiers { writer.string(nullifier.decimal) }
      }
    }
    return writer.bytes
  }
}
