import JSONWire
import Jobs
import Memories
import Service
import TestSupport
import Testing

@testable import Proofs
@testable import Worker

/// The handlers of proofs as a worker without PROOF_KEYS_DIR has them; development keys are made once for all tests.
struct ProvingBed: Sendable {
  static let room = KeyRoom(folder: nil, isStrict: false, log: .silent)

  let registry = MetricsRegistry()
  let parts: ProvingParts
  private let handlers: [String: any JobHandler]

  init(keys: KeyRoom = room, memories: MemoryStore? = nil) throws {
    parts = try ProvingParts(keys: keys, load: SlotLoad(slots: 2), metrics: registry)
    handlers = Dictionary(
      HandlerTable.proofHandlers(parts, MemorySource(store: memories)), uniquingKeysWith: { first, _ in first })
  }

  /// Runs a job and returns its result.
  func run(_ kind: String, _ payload: String, context: JobContext = JobContext()) async throws -> JSONValue {
    let job = Job(
      id: try #require(JobID("proof.01JD0000000000000000000000")), kind: try #require(KindName(kind)),
      payload: Array(payload.utf8), attempt: 1, isSealed: kind != "proof.verify")
    let handler = try #require(handlers[kind])
    return try JSONDocument(try await handler.run(job, context)).root
  }

  /// Runs a job that fails, and returns how.
  func failure(_ kind: String, _ payload: String, context: JobContext = JobContext()) async -> JobFailure? {
    do {
      let result = try await run(kind, payload, context: context)
      Issue.record("\(kind) succeeded: \(String(decoding: result.rawBytes, as: UTF8.self))")
      return nil
    } catch {
      return error as? JobFailure
    }
  }

  /// Checks a result's proof against the key that is published for its circuit, and returns its public signals.
  func checked(_ result: JSONValue) throws -> [Fr] {
    let circuit = try #require(result["circuit"]?.asString)
    let entry = try #require(parts.keys.survey().entries.first { $0.name == circuit })
    #expect(result["key_id"]?.asString == entry.keyID && result["verified"]?.asBool == true)
    let key = try VerifyingKey(json: try JSONDocument(entry.verificationKey).root)
    let signals = try PublicSignals.read(try #require(result["public_signals"]))
    #expect(signals.count == entry.publicSignals.count)
    try Verifier(key).verify(try Proof(json: try #require(result["proof"])), publicSignals: signals)
    return signals
  }
}

extension JobFailure {
  /// The code of a failure that no attempt can mend.
  var permanentCode: String? {
    if case .permanent(let code, _) = self { return code }
    return nil
  }

  /// The code of a failure that another attempt may mend.
  var retryableCode: String? {
    if case .retryable(let code, _, _) = self { return code }
    return nil
  }

  var message: String {
    switch self {
    case .retryable(_, let message, _), .permanent(_, let message): message
    case .stopped: ""
    }
  }
}
