import HTTPWire
import JSONWire
import Jobs
import Transport

/// `/api/v1/circuits` and the verification keys: what somebody who checks a proof needs.
@EventLoop
final class CircuitRoutes {
  private let registry: CircuitRegistry
  private let timing: StoreTiming

  init(registry: CircuitRegistry, timing: StoreTiming) {
    self.registry = registry
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.circuits) { try await self.list($0) }
    router.on(.get, Paths.circuits + "/{name}/verification_key") { try await self.verificationKey($0) }
  }

  private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let entries = try await read { registry async throws(JobError) in try await registry.all() }
    var writer = JSONWriter(capacity: 2048)
    writer.object { writer in
      writer.array("circuits") { writer in
        for entry in entries {
          writer.object { writer in
            writer.field("name", entry.name)
            writer.field("key_id", entry.keyID)
            writer.field("origin", entry.origin)
            writer.field("public_signals", entry.publicSignals)
            writer.field("constraints", entry.constraints)
            writer.object("links") { $0.field("verification_key", Paths.verificationKey(entry.name)) }
          }
        }
      }
    }
    return try JobRoutes.answer(writer.bytes, ["Cache-Control": "no-cache"], to: request)
  }

  /// The key's bytes as the worker published them; their SHA-256 is the tag.
  private func verificationKey(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let name = try request.parameter("name")
    guard let entry = try await read({ registry async throws(JobError) in try await registry.entry(name) }) else {
      throw Problem.circuitNotFound(name)
    }
    let tag = EntityTag(entry.keyID)
    let headers: HTTPHeaders = ["Cache-Control": "no-cache", "ETag": tag.description]
    if tag.matchesIfNoneMatch(request.headers) { return HTTPResponse(status: .notModified, headers: headers) }
    return .json(entry.verificationKey, headers: headers)
  }

  private func read<Value: Sendable>(
    _ body: @escaping @EventLoop @Sendable (CircuitRegistry) async throws(JobError) -> Value
  ) async throws -> Value {
    let registry = registry
    do throws(JobError) {
      return try await timing.measure(.read) { () async throws(JobError) in try await body(registry) }
    } catch {
      throw error.forCaller
    }
  }
}

extension Problem {
  /// 404 for a name that no worker has published.
  static func circuitNotFound(_ name: String) -> Problem {
    Problem(
      .notFound, "circuit-not-found", "There is no such circuit",
      detail: "No worker has published a circuit called \(name.prefix(64)); GET \(Paths.circuits) lists them.")
  }
}
