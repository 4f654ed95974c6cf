public import Jobs

/// The keys of Redis that memories lie under. All keys of one user share a hash tag, so that they are one Cluster slot.
///
/// No name and no id stands in a key: `<tag>`, `<record>`, `<index>` and `<job>` are 32 hex digits of an HMAC.
public struct MemoryKeys: Sendable, Hashable {
  private let prefix: String

  /// The keys beside those of the jobs.
  public init(_ keys: Keys) { prefix = keys.prefix }

  /// Hash: `wrapped` (the key of all those HMACs, under ENCRYPTION_KEY). No end; touched by commands of one key alone.
  public var names: String { "\(prefix):memory:names" }

  /// The keys of one user.
  func user(_ tag: String) -> User { User(stem: "\(prefix):{u.\(tag)}:") }

  /// The keys of one user.
  struct User: Sendable, Hashable {
    /// What all of them begin with; scripts build `memory(_:)` and `index(_:)` from it.
    let stem: String

    /// Hash: `wrapped` (the user's key, under ENCRYPTION_KEY), `version`, `created_ms`; after the user was forgotten
    /// `version` and `shredded_ms` alone. No end.
    var key: String { stem + "key" }

    /// Hash: `count` (leaves ever added), `root` (decimal), `version` (changes ever made), and the nodes other than
    /// those of an empty tree: `<level>:<index>`, 32 bytes, most significant first. No end.
    var tree: String { stem + "tree" }

    /// Sorted set of the records, score = stored ms. Ends with the last one.
    var ids: String { stem + "ids" }

    /// Sorted set of roots (decimal), score = ms when it was last the root. Ends `RECENT_ROOTS_TTL` after
    /// the last change.
    var roots: String { stem + "roots" }

    /// Hash from a forgotten record to its nullifier (decimal; empty when the record was damaged). No end: it keeps an
    /// id from coming back.
    var forgotten: String { stem + "forgotten" }

    /// Hash of one memory: `content`, `metadata` (sealed), `key` (the data key, under the user's), `leaf`, `commitment`,
    /// `created_ms`, `key_version`, `status`, `schema`, `tags` (blind indexes, joined). Ends when it is forgotten.
    func memory(_ record: String) -> String { stem + "memory:" + record }

    /// Set of the records that carry a tag. Ends with the last one.
    func index(_ index: String) -> String { stem + "tag:" + index }

    /// String: what a job that forgot the whole user answered: a count and nullifiers, a line each. Ends after
    /// 90 days.
    func erasure(_ job: String) -> String { stem + "erasure:" + job }
  }
}
