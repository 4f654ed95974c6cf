import HTTPWire
import Jobs
import RedisWire
import Service
import Transport

/// `POST /api/v1/jobs/bulk`: many jobs in, NDJSON both ways.
@EventLoop
final class BulkRoute {
  /// Bulks at once; each may hold some megabytes.
  private static let mostSessions = 32

  private let tools: BulkSession.Tools
  private var sessions: [ObjectIdentifier: BulkSession] = [:]

  init(_ tools: BulkSession.Tools) { self.tools = tools }

  nonisolated func add(to router: inout Router) {
    let options = RouteOptions(body: .streamed, bodyLimit: .max, demandsProgress: false)
    router.on(.post, Paths.jobs + "/bulk", options: options) { try await self.begin($0) }
  }

  /// Ends all bulks after what they have read.
  func endAll() {
    for session in sessions.values { session.end() }
  }

  private func begin(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard request.hasContentType("application/x-ndjson") else {
      throw Problem(
        .unsupportedMediaType, "unsupported-media-type", "The content type is not supported here",
        detail: "Send Content-Type: application/x-ndjson.", headers: ["Accept": "application/x-ndjson"])
    }
    if tools.isEnding() { throw Problem.shuttingDown }
    guard let body = request.bodyStream else {
      throw Problem(.badRequest, "empty-body", "There is no body", detail: "Send one job a line.")
    }
    guard tools.store.client.isConnected else { throw Problem(JobError.storeUnavailable(.closed(sent: false))) }
    guard sessions.count < Self.mostSessions else {
      throw Problem(
        .unavailable, "too-many-streams", "There are too many bulks at once",
        detail: "Send the request again after a moment.", headers: ["Retry-After": "1"])
    }
    let trace = request.trace
    let session = BulkSession(
      tools, viewer: tools.access.viewer(of: request), trace: trace, isHolding: Self.cameByProxy(request))
    try await during(session) { try await session.begin(body) }
    return HTTPResponse(
      contentType: "application/x-ndjson", headers: ["Cache-Control": "no-store", "X-Accel-Buffering": "no"],
      body: .stream { writer in
        try await self.during(session) { try await session.answer(writer) }
      })
  }

  /// Counts a session among those that run.
  private func during(_ session: BulkSession, _ body: @EventLoop () async throws -> Void) async throws {
    sessions[ObjectIdentifier(session)] = session
    defer { sessions[ObjectIdentifier(session)] = nil }
    try await body()
  }

  /// Whether a proxy says that it was there. Whoever says so himself gets his answers later, and that is all.
  private static func cameByProxy(_ request: HTTPRequest) -> Bool {
    ["x-forwarded-for", "forwarded", "via"].contains { request.headers[$0] != nil }
  }
}
