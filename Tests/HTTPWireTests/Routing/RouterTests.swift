import Testing

@testable import HTTPWire

@Suite struct RouterTests {
  private func router(_ routes: [(HTTPMethod, String)]) -> Router {
    var router = Router()
    for (method, template) in routes { router.immediate(method, template) { _ in HTTPResponse() } }
    return router
  }

  private let table: [(HTTPMethod, String)] = [
    (.get, "/"), (.get, "/livez"), (.post, "/jobs"), (.get, "/jobs"), (.post, "/jobs/bulk"), (.get, "/jobs/{id}"),
    (.delete, "/jobs/{id}"), (.get, "/jobs/{id}/result"), (.post, "/queues/{queue}/jobs/{id}/cancel"),
    (.put, "/jobs/bulk/{part}"), (.get, "/folder/"),
  ]

  private func found(_ method: HTTPMethod, _ path: String) -> String {
    let bytes = Array(path.utf8)
    switch router(table).match(method, bytes.span) {
    case .route(let route, let ranges):
      let parameters = ranges.map { String(decoding: bytes[$0], as: UTF8.self) }
      return ([route.method.description, route.template] + parameters).joined(separator: " ")
    case .options(let allow): return "options \(allow)"
    case .methodNotAllowed(let allow): return "405 \(allow)"
    case .notFound: return "404"
    }
  }

  @Test(
    "a path finds its route",
    arguments: [
      (HTTPMethod.get, "/", "GET /"), (.get, "/livez", "GET /livez"), (.get, "/livez/", "404"), (.get, "/LIVEZ", "404"),
      (.get, "/live", "404"), (.get, "/livezz", "404"), (.get, "//", "404"), (.get, "//livez", "404"),
      (.post, "/jobs", "POST /jobs"), (.get, "/jobs", "GET /jobs"), (.get, "/jobs/", "404"),
      (.get, "/jobs/7", "GET /jobs/{id} 7"), (.get, "/jobs/a%2Fb", "GET /jobs/{id} a%2Fb"),
      (.get, "/jobs/7/result", "GET /jobs/{id}/result 7"), (.get, "/jobs/7/other", "404"), (.get, "/jobs/7/", "404"),
      (.post, "/jobs/bulk", "POST /jobs/bulk"), (.get, "/jobs/bulk/result", "405 PUT, OPTIONS"),
      (.get, "/jobs/bulky/result", "GET /jobs/{id}/result bulky"),
      (.put, "/jobs/bulk/3", "PUT /jobs/bulk/{part} 3"), (.put, "/jobs/7/3", "404"),
      (.post, "/queues/q/jobs/9/cancel", "POST /queues/{queue}/jobs/{id}/cancel q 9"),
      (.get, "/folder/", "GET /folder/"), (.get, "/folder", "404"), (.get, "/%6Civez", "404"),
    ])
  func routes(method: HTTPMethod, path: String, expected: String) {
    #expect(found(method, path) == expected)
  }

  @Test("HEAD takes the route of GET")
  func head() {
    #expect(found(.head, "/jobs/7") == "GET /jobs/{id} 7")
    #expect(found(.head, "/jobs/bulk") == "405 POST, OPTIONS")
  }

  @Test("another method is told which ones are allowed")
  func methodNotAllowed() {
    #expect(found(.delete, "/jobs") == "405 GET, HEAD, POST, OPTIONS")
    #expect(found(.unknown, "/livez") == "405 GET, HEAD, OPTIONS")
    #expect(Problem.methodNotAllowed(.unknown, allow: "GET").status == .notImplemented)
    let problem = Problem.methodNotAllowed(.delete, allow: "GET, HEAD")
    #expect(problem.status == .methodNotAllowed && problem.headers["allow"] == "GET, HEAD")
  }

  @Test("OPTIONS is answered for each path and for the server")
  func options() {
    #expect(found(.options, "/jobs/7") == "options GET, HEAD, DELETE, OPTIONS")
    #expect(found(.options, "/nothing") == "404")
    #expect(found(.options, "*") == "options GET, HEAD, POST, PUT, DELETE, OPTIONS")
  }

  @Test("path parameters are decoded strictly and typed")
  func parameters() throws {
    func request(_ path: String, _ template: String) throws -> HTTPRequest {
      var request = try HTTPRequest(.get, path)
      guard case .route(let route, let ranges) = router([(.get, template)]).match(.get, Array(path.utf8).span) else {
        throw Problem.notFound(path: path)
      }
      request.route = route
      request.parameterRanges = ranges
      return request
    }
    #expect(try request("/a/x%20y/7", "/a/{b}/{c}").parameter("b") == "x y")
    #expect(try request("/a/x%20y/7", "/a/{b}/{c}").parameter("c", as: Int.self) == 7)
    for broken in ["%", "%4", "%zz", "a%00b", "%ff"] {
      let problem = #expect(throws: Problem.self) { try request("/\(broken)", "/{b}").parameter("b") }
      #expect(problem?.slug == "malformed-path" && problem?.status == .badRequest)
    }
    let problem = #expect(throws: Problem.self) { try request("/x", "/{b}").parameter("b", as: Int.self) }
    #expect(problem?.status == .notFound)
  }

  @Test("a deep path is walked without harm")
  func deep() {
    let path = String(repeating: "/a", count: 4_000)
    #expect(found(.get, path) == "404")
    #expect(found(.get, "/jobs" + String(repeating: "/", count: 8_000)) == "404")
  }
}
