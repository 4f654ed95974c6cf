import JSONWire
import Testing

@testable import HTTPWire

@Suite struct RequestJSONTests {
  private func request(_ body: String, type: String? = "application/json") throws -> HTTPRequest {
    var headers: HTTPHeaders = ["Host": "t"]
    if let type { headers.append("Content-Type", type) }
    return try HTTPRequest(.post, "/", headers: headers, body: Array(body.utf8))
  }

  private func problem(_ body: String, type: String? = "application/json") -> Problem? {
    #expect(throws: Problem.self) { _ = try request(body, type: type).json(limits: JSONLimits(bytes: 64)) }
  }

  @Test("a JSON body is read, whatever the parameters of its type")
  func reads() throws {
    for type in ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"] {
      #expect(try request("{\"a\":1}", type: type).json().root["a"]?.asInt64 == 1)
    }
    let patch = try request("{}", type: "application/merge-patch+json")
    #expect(try patch.json(types: ["application/json", "application/merge-patch+json"]).root["a"] == nil)
  }

  @Test("other types are refused, and the right one is named")
  func types() {
    for type in [nil, "text/plain", "application/jsonx", "application/x-www-form-urlencoded"] {
      let refused = problem("{}", type: type)
      #expect(refused?.status == .unsupportedMediaType && refused?.headers["Accept"] == "application/json")
    }
  }

  @Test("what is not JSON is refused with its place, what is too long with 413")
  func errors() {
    let malformed = problem("{\"a\":")
    #expect(malformed?.status == .badRequest && malformed?.slug == "malformed-json" && malformed?.errors.count == 1)
    let long = problem("\"" + String(repeating: "x", count: 100) + "\"")
    #expect(long?.status == .contentTooLarge && long?.slug == "payload-too-large")
  }

  @Test("paths, queries and methods of a request can be asked for without parsing again")
  func parts() throws {
    let request = try HTTPRequest(.get, "/a/b?limit=5&state=ready")
    #expect(request.path == "/a/b" && request.method == .get && request.body.isEmpty && request.bodyStream == nil)
    #expect(try request.query().value("limit", as: Int.self) == 5)
    #expect(request.head.withPath { $0.count } == 4 && request.head.withQuery { $0.count } == 19)
    #expect(try HTTPRequest(.get, "http://h").path == "/")
  }
}
