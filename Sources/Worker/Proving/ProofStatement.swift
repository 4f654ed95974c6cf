import JSONWire
import Memories
import Proofs

/// What a job of one of the program's circuits proves: the circuit's input, and what its outputs say.
struct ProofStatement: Sendable {
  /// The circuit's name.
  let circuit: String
  private let makeWitness: @Sendable () throws(ProofsError) -> Witness
  private let conclude: @Sendable (_ publicSignals: [Fr]) -> ProofTask.Conclusion?

  /// - Parameter conclude: what the result says beside the public signals.
  init<C: Circuit>(_ input: C, conclude: @escaping @Sendable (_ publicSignals: [Fr]) -> ProofTask.Conclusion?) {
    circuit = C.name
    makeWitness = { () throws(ProofsError) in try input.witness() }
    self.conclude = conclude
  }

  /// Computes all wires.
  ///
  /// - Throws: `unsatisfied` when the statement is false.
  func task() throws(ProofsError) -> ProofTask {
    let witness = try makeWitness()
    return ProofTask(
      circuit: circuit, metricLabel: circuit, witness: witness.wires, conclusion: conclude(witness.publicSignals),
      isForeign: false)
  }
}

extension ProofStatement {
  static func policy(_ request: PolicyRequest, _ memories: MemorySource) async throws(JobFailure) -> Self {
    switch request {
    case .pattern(let content, let salt, let flags):
      return Self(MemoryPattern(content: content, salt: salt, flags: flags)) { .allowed($0[0] == .one) }
    case .stored(let reference, let context):
      let opening = MemoryOpening(try await memories.witness(of: reference))
      return Self(MemoryPolicy(opening, context: context)) { .allowed($0[0] == .one) }
    }
  }

  static func membership(_ request: MembershipRequest, _ memories: MemorySource) async throws(JobFailure) -> Self {
    switch request {
    case .path(let leaf, let index, let siblings, let context):
      return try checked { () throws(ProofsError) in
        Self(try Membership(leaf: leaf, path: MerklePath(index: index, siblings: siblings), context: context)) { _ in
          nil
        }
      }
    case .stored(let reference, let context):
      let witness = try await memories.witness(of: reference)
      return try checked { () throws(ProofsError) in
        Self(try Membership(leaf: witness.commitment, path: witness.path, context: context)) { _ in nil }
      }
    }
  }

  static func deletion(_ request: DeletionRequest, _ memories: MemorySource) async throws(JobFailure) -> Self {
    let (opening, nowMs) = try await memories.opening(of: request.subject)
    let instant = request.requestedAt ?? UInt64(clamping: nowMs / 1000)
    return try checked { () throws(ProofsError) in
      Self(try Deletion(opening, requestedAt: instant, context: request.context)) { .nullifier($0[0]) }
    }
  }

  static func accessHistory(_ request: AccessHistoryRequest) throws(JobFailure) -> Self {
    try checked { () throws(ProofsError) in
      let history = try AccessHistory(
        salt: request.salt, entries: request.entries, accessor: request.accessor, from: request.from, to: request.to,
        context: request.context)
      return Self(history) { signals in
        (0...AccessHistory.capacity).first { Fr(UInt64($0)) == signals[1] }.map { .count($0) }
      }
    }
  }

  static func compliance(_ request: ComplianceRequest, _ memories: MemorySource) async throws(JobFailure) -> Self {
    let (opening, _) = try await memories.opening(of: request.subject)
    let statement = Compliance(
      opening, minKeyVersion: request.minKeyVersion, forbidden: request.forbidden, context: request.context)
    return Self(statement) { .compliant($0[0] == .one) }
  }

  private static func checked(_ body: () throws(ProofsError) -> Self) throws(JobFailure) -> Self {
    do { return try body() } catch { throw JobFailure(error) }
  }
}
