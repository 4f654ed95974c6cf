import JSONWire
import Transport

/// The routes that schedulers and monitors ask: `/livez`, `/readyz`, `/healthz`, and `/metrics`.
///
/// They answer from memory at once, so that a probe never waits for another server. Add them to as many routers as
/// there are ports.
public struct ProbeRoutes: Sendable {
  /// The content type of Prometheus' text format.
  public static let metricsContentType: StaticString = "text/plain; version=0.0.4; charset=utf-8"

  private let checks: @EventLoop @Sendable () -> [ReadinessCheck]
  private let metrics: (@EventLoop @Sendable () -> [UInt8])?

  /// Makes routes.
  ///
  /// - Parameters:
  ///   - checks: called at each probe; no check that failed means ready.
  ///   - metrics: makes what `/metrics` answers; nil leaves the route out.
  public init(
    checks: @escaping @EventLoop @Sendable () -> [ReadinessCheck], metrics: (@EventLoop @Sendable () -> [UInt8])?
  ) {
    self.checks = checks
    self.metrics = metrics
  }

  /// Adds the routes.
  ///
  /// - `/livez` answers 200 as long as the event loop turns.
  /// - `/readyz` and `/healthz` answer 200, or 503 `not-ready` (RFC 9457) when a check failed; both list all checks.
  public func add(to router: inout Router) {
    router.immediate(.get, "/livez") { _ in
      HTTPResponse(contentType: "text/plain; charset=utf-8", body: .literal("ok\n"))
    }
    let checks = checks
    for path in ["/readyz", "/healthz"] {
      router.immediate(.get, path) { _ in try Self.readiness(checks()) }
    }
    guard let metrics else { return }
    router.immediate(.get, "/metrics") { _ in
      HTTPResponse(contentType: Self.metricsContentType, body: .bytes(metrics()))
    }
  }

  /// The answer to the question whether a program is ready.
  ///
  /// - Throws: 503 `not-ready` when a check failed.
  static func readiness(_ checks: [ReadinessCheck]) throws(Problem) -> HTTPResponse {
    var list = JSONWriter()
    list.array { writer in
      for check in checks { check.write(to: &writer) }
    }
    let failures = checks.filter { $0.outcome == .fail }
    guard failures.isEmpty else {
      let detail = failures.map { check in check.detail.map { "\(check.name): \($0)" } ?? check.name }
      throw Problem(
        .unavailable, "not-ready", "The service is not ready", detail: detail.joined(separator: "; "),
        headers: ["Retry-After": "1", "Cache-Control": "no-store"], members: [("checks", list.bytes)])
    }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("ready", true)
      writer.field("checks", raw: list.bytes)
    }
    return .json(writer.bytes, headers: ["Cache-Control": "no-store"])
  }
}
