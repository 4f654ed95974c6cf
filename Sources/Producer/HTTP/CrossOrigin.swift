import HTTPWire

/// The rules for calls from web pages: who may, and what their browsers are told.
struct CrossOrigin: Sendable {
  private static let maxAge = "600"
  private static let requestFields =
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, Prefer, traceparent, X-Request-Id"
  private static let responseFields =
    "ETag, Idempotency-Replayed, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, traceparent, "
    + "WWW-Authenticate, X-Request-Id"

  let origins: AllowedOrigins
  /// The routes, for what a path allows.
  let router: Router

  /// What to answer before a route runs: a preflight, or a refusal. A request without Origin is no page's.
  func answer(_ request: HTTPRequest) -> HTTPResponse? {
    guard let origin = request.headers["Origin"] else { return nil }
    let isPreflight = request.method == .options && request.headers.contains("Access-Control-Request-Method")
    if !isPreflight, request.method.isSafe { return nil }
    guard isAllowed(origin, request) else {
      return Problem(
        .init(403), "origin-not-allowed", "Pages of this origin may not call the API",
        detail: "Add the origin to CORS_ORIGINS if they should."
      ).response(instance: request.path, requestID: request.id)
    }
    guard isPreflight else { return nil }
    guard case .options(let allow) = request.head.withPath({ router.match(.options, $0) }) else { return nil }
    return HTTPResponse(
      status: .noContent,
      headers: [
        "Allow": allow, "Access-Control-Allow-Methods": allow, "Access-Control-Allow-Headers": Self.requestFields,
        "Access-Control-Max-Age": Self.maxAge,
      ])
  }

  /// Tells the browser that the page may read the answer.
  func adjust(_ request: HTTPRequest, _ response: inout HTTPResponse) {
    guard let origin = request.headers["Origin"] else { return }
    response.headers.append("Vary", "Origin")
    guard isAllowed(origin, request) else { return }
    response.headers.append("Access-Control-Allow-Origin", origin)
    response.headers.append("Access-Control-Expose-Headers", Self.responseFields)
  }

  private func isAllowed(_ origin: String, _ request: HTTPRequest) -> Bool {
    origins.allow(origin, host: request.headers["Host"])
  }
}
