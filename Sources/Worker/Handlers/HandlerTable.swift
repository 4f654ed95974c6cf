import Jobs
import Memories
import Service

/// Which handler runs which kind: the one place to add a kind of work.
enum HandlerTable {
  static func handlers(
    for configuration: WorkerConfiguration, memories: MemoryStore?, proving: ProvingParts, metrics: MetricsRegistry
  ) -> [KindName: any JobHandler] {
    let memory = memoryHandler(memories, metrics)
    let table: [(String, any JobHandler)] =
      [
        ("memory.store", memory),
        ("memory.recall", memory),
        ("memory.verify", memory),
        ("memory.forget", memory),
        ("proof.inclusion", InclusionHandler()),
        ("test.noop", TestHandlers.NoOperation()),
        ("test.sleep", TestHandlers.Sleep()),
        ("test.spin", TestHandlers.Spin()),
        ("test.fail", TestHandlers.Fail()),
        ("test.crash", TestHandlers.Crash()),
      ] + proofHandlers(proving, MemorySource(store: memories))
    var handlers: [KindName: any JobHandler] = [:]
    for (text, handler) in table {
      // A kind that does not exist here (a test kind in production) has no handler either.
      guard let name = KindName(text), configuration.store.kinds[name] != nil else { continue }
      handlers[name] = handler
    }
    return handlers
  }

  static func proofHandlers(_ parts: ProvingParts, _ memories: MemorySource) -> [(String, any JobHandler)] {
    func proof(_ statement: @escaping @Sendable (Job) async throws(JobFailure) -> ProofStatement) -> ProofHandler {
      ProofHandler(maker: parts.maker, keys: parts.keys, statement: statement)
    }
    return [
      (
        "proof.policy",
        proof { job async throws(JobFailure) in try await .policy(try job.fields { PolicyRequest(&$0) }, memories) }
      ),
      (
        "proof.membership",
        proof { job async throws(JobFailure) in
          try await .membership(try job.fields { MembershipRequest(&$0) }, memories)
        }
      ),
      (
        "proof.deletion",
        proof { job async throws(JobFailure) in
          try await .deletion(try job.fields { DeletionRequest(&$0) }, memories)
        }
      ),
      (
        "proof.access_history",
        proof { job async throws(JobFailure) in try .accessHistory(try job.fields { AccessHistoryRequest(&$0) }) }
      ),
      (
        "proof.compliance",
        proof { job async throws(JobFailure) in
          try await .compliance(try job.fields { ComplianceRequest(&$0) }, memories)
        }
      ),
      ("proof.circom", CircomHandler(maker: parts.maker, keys: parts.foreignKeys)),
      ("proof.verify", VerifyHandler(keys: parts.keys, metrics: parts.maker.metrics)),
    ]
  }

  private static func memoryHandler(_ memories: MemoryStore?, _ metrics: MetricsRegistry) -> any JobHandler {
    let durations = metrics.histogram(
      "memory_operation_duration_seconds", help: "Operations on private memories.",
      labels: [.closed("operation", ["store", "recall", "verify", "forget"])], bounds: HistogramBounds.request,
      unprefixed: true)
    guard let memories else { return LockedMemoryHandler() }
    return MemoryHandler(store: memories, durations: durations)
  }
}
