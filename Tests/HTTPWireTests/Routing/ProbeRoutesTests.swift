import Testing
import Transport

@testable import HTTPWire

@Suite("Probe routes")
struct ProbeRoutesTests {
  private static func text(_ response: HTTPResponse) -> String {
    switch response.body {
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .literal(let text): "\(text)"
    case .empty, .stream: ""
    }
  }

  private static func answer(
    _ path: String, metrics: (@EventLoop @Sendable () -> [UInt8])? = nil, _ checks: [ReadinessCheck] = []
  ) async throws -> HTTPResponse? {
    var router = Router()
    ProbeRoutes(checks: { checks }, metrics: metrics).add(to: &router)
    guard case .route(let route, _) = router.match(.get, Array(path.utf8).span),
      case .immediate(let handler) = route.handler
    else { return nil }
    return try await handler(HTTPRequest(.get, path))
  }

  @Test("livez answers ok whatever the checks say")
  func livez() async throws {
    let response = try #require(await Self.answer("/livez", [ReadinessCheck("redis", .fail)]))
    #expect(response.status == .ok)
    #expect(Self.text(response) == "ok\n")
  }

  @Test("a program without a failed check is ready, and warnings are listed", arguments: ["/readyz", "/healthz"])
  func ready(path: String) async throws {
    let checks = [ReadinessCheck("redis", .pass), ReadinessCheck("aof", .warn, detail: "off")]
    let response = try #require(await Self.answer(path, checks))
    #expect(response.status == .ok)
    let expected =
      #"{"ready":true,"checks":[{"name":"redis","outcome":"pass"},"#
      + #"{"name":"aof","outcome":"warn","detail":"off"}]}"#
    #expect(Self.text(response) == expected)
  }

  @Test("a failed check makes 503 with its words and the whole list")
  func notReady() async throws {
    let checks = [ReadinessCheck("redis", .fail, detail: "no answer"), ReadinessCheck("draining", .fail)]
    let problem = try await #require(throws: Problem.self) { _ = try await Self.answer("/readyz", checks) }
    #expect(problem.status == .unavailable)
    #expect(problem.slug == "not-ready")
    #expect(problem.detail == "redis: no answer; draining")
    #expect(problem.headers["Retry-After"] == "1")
    #expect(String(decoding: problem.json(), as: UTF8.self).contains(#""checks":[{"name":"redis","outcome":"fail""#))
  }

  @Test("metrics are served as they are, and not at all when there are none")
  func metrics() async throws {
    let response = try #require(await Self.answer("/metrics", metrics: { Array("up 1\n".utf8) }))
    #expect(Self.text(response) == "up 1\n")
    #expect(try await Self.answer("/metrics") == nil)
  }
}
