import JSONWire
import Memories
import Proofs

/// `proof.policy`: may an agent use this memory?
enum PolicyRequest: Sendable, Equatable {
  /// `{witness: {content, salt}, flags}`: circuit `memory_pattern`.
  case pattern(content: Fr, salt: Fr, flags: MemoryFlags)
  /// `{user, memory_id, context?}`: circuit `memory_policy`.
  case stored(MemoryReference, context: Fr)

  init(_ fields: inout JSONFieldReader) {
    if fields.has("user") || fields.has("memory_id") {
      self = .stored(fields.memoryReference(), context: fields.fieldElementOrZero("context"))
      return
    }
    let opening = fields.object("witness") { ($0.fieldElement("content"), $0.fieldElement("salt")) }
    self = .pattern(content: opening?.0 ?? .zero, salt: opening?.1 ?? .zero, flags: fields.flags("flags"))
  }
}

/// `proof.membership`: does a leaf stand in a tree?
enum MembershipRequest: Sendable, Equatable {
  /// `{leaf, index, path, context?}`.
  case path(leaf: Fr, index: Int, siblings: [Fr], context: Fr)
  /// `{user, memory_id, context?}`.
  case stored(MemoryReference, context: Fr)

  init(_ fields: inout JSONFieldReader) {
    if fields.has("user") || fields.has("memory_id") {
      self = .stored(fields.memoryReference(), context: fields.fieldElementOrZero("context"))
      return
    }
    let depth = Membership.depth
    self = .path(
      leaf: fields.fieldElement("leaf"), index: fields.int("index", in: 0...((1 << depth) - 1)),
      siblings: fields.fieldElements("path", count: depth...depth), context: fields.fieldElementOrZero("context"))
  }
}

/// `proof.deletion {witness | user, memory_id; requested_at, context?}`: the deletion of a memory was asked for.
struct DeletionRequest: Sendable, Equatable {
  var subject: MemorySubject
  /// Unix seconds; nil takes the time of Redis, for a stored memory only.
  var requestedAt: UInt64?
  var context: Fr

  init(_ fields: inout JSONFieldReader) {
    subject = MemorySubject(&fields)
    if subject.isStored {
      requestedAt = fields.optionalInt("requested_at", in: ProofRanges.seconds).map { UInt64(clamping: $0) }
    } else {
      requestedAt = fields.seconds("requested_at")
    }
    context = fields.fieldElementOrZero("context")
  }
}

/// `proof.access_history {witness: {salt, entries}, accessor, from, to, context?}`: how often did somebody look?
struct AccessHistoryRequest: Sendable, Equatable {
  var salt: Fr
  var entries: [AccessHistory.Entry]
  var accessor: Fr
  var from: UInt64
  var to: UInt64
  var context: Fr

  init(_ fields: inout JSONFieldReader) {
    let witness = fields.object("witness") { witness in
      let salt = witness.fieldElement("salt")
      let entries = witness.array("entries", count: 0...AccessHistory.capacity).compactMap { value in
        witness.nested(value) { AccessHistory.Entry(accessor: $0.fieldElement("accessor"), time: $0.seconds("at")) }
      }
      return (salt, entries)
    }
    salt = witness?.0 ?? .zero
    entries = witness?.1 ?? []
    accessor = fields.fieldElement("accessor")
    from = fields.seconds("from")
    to = fields.seconds("to")
    context = fields.fieldElementOrZero("context")
  }
}

/// `proof.compliance {witness | user, memory_id; min_key_version, forbidden, context?}`: does a memory keep the rules?
struct ComplianceRequest: Sendable, Equatable {
  var subject: MemorySubject
  var minKeyVersion: UInt32
  var forbidden: MemoryFlags
  var context: Fr

  init(_ fields: inout JSONFieldReader) {
    subject = MemorySubject(&fields)
    minKeyVersion = fields.version("min_key_version")
    forbidden = fields.flags("forbidden")
    context = fields.fieldElementOrZero("context")
  }
}
