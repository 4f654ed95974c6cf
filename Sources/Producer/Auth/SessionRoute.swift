import HTTPWire
import JSONWire
import Jobs
import Transport

/// `GET /api/v1/session`: who calls, what they may do, and how the keys in Redis begin; for pages that offer only what will work.
@EventLoop
final class SessionRoute {
  private let access: AccessControl
  private let keys: Keys

  init(access: AccessControl, keys: Keys) {
    self.access = access
    self.keys = keys
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.session) { try await self.session($0) }
  }

  private func session(_ request: HTTPRequest) async throws -> HTTPResponse {
    try request.query().check(known: [])
    let caller = access.identity(of: request)
    let scopes = Scope.allCases.filter { caller?.may($0) ?? access.isOpen }
    var writer = JSONWriter()
    writer.object { writer in
      writer.optional("owner", caller?.owner)
      writer.field("scopes", scopes.map(\.rawValue))
      writer.field("key_prefix", keys.prefix)
    }
    return .json(writer.bytes, headers: ["Cache-Control": "no-store"])
  }
}
