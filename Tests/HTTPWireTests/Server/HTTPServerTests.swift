import Foundation
import TestSupport
import Testing
import Transport

@testable import HTTPWire

@EventLoop @Suite struct HTTPServerTests {
  private func start(_ change: @Sendable (inout HTTPServerOptions) -> Void = { _ in }) throws -> LiveServer {
    try LiveServer.start(change) { router in
      router.immediate(.get, "/ok") { _ in HTTPResponse(contentType: "text/plain", body: .literal("ok")) }
      router.on(.get, "/later/{name}") { request in
        try await EventLoop.sleep(for: .milliseconds(1))
        return .text(try request.parameter("name"))
      }
      router.on(.post, "/echo", options: RouteOptions(bodyLimit: 300_000)) { request in
        HTTPResponse(contentType: "application/octet-stream", body: .bytes(request.body))
      }
      router.immediate(.post, "/length") { .text("\($0.body.count)") }
      router.immediate(.get, "/none") { _ in HTTPResponse(status: .noContent) }
      router.immediate(.get, "/problem") { _ in throw Problem(.conflict, "taken", "It is taken") }
      router.on(.get, "/error") { _ in throw SupportError("the cause is secret") }
      router.immediate(.get, "/fields") { _ in
        HTTPResponse(headers: ["X-A": "1\r\nX-Evil: 2", "Content-Length": "99", "Connection": "upgrade"])
      }
    }
  }

  @Test("an answer has the fields that it needs, once each")
  func fields() async throws {
    let live = try start()
    let client = try live.connect()
    try await client.request("/ok", fields: "X-Request-Id: abc-1\r\n")
    let answer = try await client.answer()
    #expect(answer.status == 200 && answer.text == "ok")
    #expect(answer.headers.map(\.name) == ["Date", "Content-Type", "Content-Length", "X-Request-Id"])
    #expect(answer.headers["x-request-id"] == "abc-1" && answer.headers["content-length"] == "2")
    #expect(answer.headers["date"]?.utf8.count == 29 && answer.headers["date"]?.hasSuffix("GMT") == true)
    try await client.request("/fields", fields: "X-Request-Id: not sane\r\n")
    let other = try await client.answer()
    #expect(other.headers.map(\.name) == ["Date", "Content-Length", "X-Request-Id", "X-A"])
    #expect(other.headers["x-a"] == "1  X-Evil: 2" && other.headers["x-request-id"]?.utf8.count == 16)
    await live.stop()
  }

  @Test("a connection is kept for as many requests as come, and requests in one piece are answered in order")
  func pipelining() async throws {
    let live = try start()
    let client = try live.connect()
    for name in ["a", "b"] {
      try await client.request("/later/\(name)")
      #expect(try await client.answer().text == name)
    }
    let request = { (name: String) in "GET /later/\(name) HTTP/1.1\r\nHost: t\r\n\r\n" }
    let post = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nxyz"
    try await client.send(request("1") + post + "GET /ok HTTP/1.1\r\nHost: t\r\n\r\n" + request("2"))
    for text in ["1", "xyz", "ok", "2"] { #expect(try await client.answer().text == text) }
    #expect(try await live.exchanges.wait(for: 6).map(\.isComplete) == Array(repeating: true, count: 6))
    await live.stop()
  }

  @Test("thousands of requests in one piece are answered though the client reads late")
  func flood() async throws {
    let live = try start()
    let client = try live.connect()
    let count = 5_000
    let one = Array("GET /ok HTTP/1.1\r\nHost: t\r\n\r\n".utf8)
    let all = repeated(one, count)
    try await client.send(all)
    for _ in 0..<count { #expect(try await client.answer().text == "ok") }
    await live.stop()
  }

  @Test("a request is understood wherever it is cut into pieces")
  func pieces() async throws {
    let live = try start()
    let client = try live.connect()
    let request = "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    for byte in request.utf8 { try await client.send([byte]) }
    #expect(try await client.answer().text == "abcde")
    await live.stop()
  }

  @Test("HEAD has the fields of GET and no body")
  func head() async throws {
    let live = try start()
    let client = try live.connect()
    try await client.request("/ok", method: "HEAD")
    let answer = try await client.answer(toHead: true)
    #expect(answer.status == 200 && answer.headers["content-length"] == "2" && answer.body.isEmpty)
    try await client.request("/none")
    let none = try await client.answer()
    #expect(none.status == 204 && !none.headers.contains("content-length"))
    try await client.request("/ok")
    #expect(try await client.answer().text == "ok")
    await live.stop()
  }

  @Test("HTTP/1.0 is answered and closed, or kept when it asks for it")
  func http10() async throws {
    let live = try start()
    var client = try live.connect()
    try await client.send("GET /ok HTTP/1.0\r\n\r\n")
    let answer = try await client.answer()
    #expect(answer.headers["connection"] == "close" && answer.text == "ok")
    #expect(try await client.isEnded())
    client = try live.connect()
    try await client.send("GET /ok HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    #expect(try await client.answer().headers["connection"] == "keep-alive")
    try await client.request("/ok", fields: "Connection: close\r\n")
    #expect(try await client.answer().headers["connection"] == "close")
    #expect(try await client.isEnded())
    await live.stop()
  }

  @Test("a client that ends its side still gets its answers")
  func halfClose() async throws {
    let live = try start()
    for target in ["/ok", "/none", "/problem"] {
      let client = try live.connect()
      try await client.request(target)
      try await client.request("/ok")
      client.socket.shutDownWriting()
      #expect([200, 204, 409].contains(try await client.answer().status))
      #expect(try await client.answer().text == "ok")
      #expect(try await client.isEnded())
    }
    let client = try live.connect()
    try await client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc")
    client.socket.shutDownWriting()
    #expect(try await client.answer().text == "abc")
    #expect(try await client.isEnded())
    await live.stop()
  }

  @Test("what was thrown becomes a problem; causes stay here")
  func problems() async throws {
    let live = try start()
    let client = try live.connect()
    try await client.request("/problem")
    let problem = try await client.answer()
    #expect(problem.status == 409 && Problem.slug(in: problem.text) == "taken")
    #expect(problem.headers["content-type"] == "application/problem+json")
    #expect(problem.text.contains("\"instance\":\"/problem\""))
    try await client.request("/error", fields: "X-Request-Id: r-7\r\n")
    let error = try await client.answer()
    #expect(error.status == 500 && Problem.slug(in: error.text) == "internal")
    #expect(error.text.contains("\"request_id\":\"r-7\"") && !error.text.contains("secret"))
    #expect(live.errors.all == ["the cause is secret"])
    await live.stop()
  }

  @Test("paths and methods without a route are told so, and the connection is kept")
  func routing() async throws {
    let live = try start()
    let client = try live.connect()
    let body = "Content-Length: 3\r\n\r\nabc"
    let cases: [(String, Int, String?)] = [
      ("GET /nothing HTTP/1.1\r\nHost: t\r\n\r\n", 404, "not-found"),
      ("POST /nothing HTTP/1.1\r\nHost: t\r\n\(body)", 404, "not-found"),
      ("PUT /ok HTTP/1.1\r\nHost: t\r\n\(body)", 405, "method-not-allowed"),
      ("QUERY /ok HTTP/1.1\r\nHost: t\r\n\(body)", 405, "method-not-allowed"),
      ("BREW /ok HTTP/1.1\r\nHost: t\r\n\r\n", 501, "method-not-implemented"),
      ("OPTIONS /ok HTTP/1.1\r\nHost: t\r\n\r\n", 204, nil), ("OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n", 204, nil),
      ("GET http://t/ok HTTP/1.1\r\nHost: t\r\n\r\n", 200, nil),
    ]
    for (request, status, slug) in cases {
      try await client.send(request)
      let answer = try await client.answer()
      #expect(answer.status == status && Problem.slug(in: answer.text) == slug, "\(request)")
      #expect((status == 405 || status == 204) == answer.headers.contains("Allow"))
    }
    let reports = try await live.exchanges.wait(for: cases.count)
    #expect(reports.map(\.route) == [nil, nil, nil, nil, nil, nil, nil, "/ok"])
    await live.stop()
  }

  @Test("a request of two meanings is answered once and ends the connection; what follows it is not run")
  func smuggling() async throws {
    let live = try start()
    for (name, text, error) in badRequests where error.status.code == 400 || error.status.code == 501 {
      let client = try live.connect()
      try await client.send(text + "GET /ok HTTP/1.1\r\nHost: t\r\n\r\n")
      client.socket.shutDownWriting()
      let rest = try await client.rest()
      let answers = rest.components(separatedBy: "\r\nDate: ").dropLast()
      #expect(answers.count <= 1 && !rest.hasSuffix("ok"), "\(name): \(rest)")
      if let answer = answers.first {
        #expect(
          answer.hasPrefix("HTTP/1.1 \(error.status.code) ") || answer.hasPrefix("HTTP/1.1 404 "), "\(name): \(rest)")
        #expect(rest.contains("Connection: close") && rest.contains("application/problem+json"), "\(name)")
      }
    }
    await live.stop()
  }

  @Test("no mutation of a request harms the server: each connection is answered or ended, and the next one served")
  func mutations() async throws {
    let live = try start()
    var generator = SeededGenerator()
    let seeds = goodRequests.map { Array($0.text.utf8) } + badRequests.map { Array($0.text.utf8) }
    for round in 0..<400 {
      let client = try live.connect()
      let bytes = generator.mutate(seeds[round % seeds.count])
      try await client.send(bytes)
      client.socket.shutDownWriting()
      let rest = try await client.rest()
      #expect(rest.isEmpty || rest.hasPrefix("HTTP/1.1 "), "\(generator) round \(round)")
    }
    let client = try live.connect()
    try await client.request("/ok")
    #expect(try await client.answer().text == "ok")
    #expect(live.server.bufferedBodyBytes == 0 && live.errors.all.isEmpty)
    await live.stop()
  }

  @Test("hooks see each request, may answer for the handler, and see each exchange")
  func hooks() async throws {
    let live = try start { options in
      options.before = { request in
        request.headers["Authorization"] == nil
          ? Problem(.unauthorized, "unauthorized", "Who are you?").response() : nil
      }
      options.adjust = { request, response in
        response.headers.append("X-Route", request.route?.template ?? "none")
      }
    }
    let client = try live.connect()
    try await client.request("/ok")
    let refused = try await client.answer()
    #expect(refused.status == 401 && refused.headers["x-route"] == "/ok")
    try await client.send(
      "POST /echo HTTP/1.1\r\nHost: t\r\nAuthorization: x\r\nX-Request-Id: me\r\nContent-Length: 4\r\n\r\nabcd")
    #expect(try await client.answer().text == "abcd")
    let reports = try await live.exchanges.wait(for: 2)
    #expect(reports.map(\.status.code) == [401, 200] && reports.map(\.route) == ["/ok", "/echo"])
    #expect(reports[1].requestBytes == 4 && reports[1].responseBytes == 4 && "\(reports[1].requestID)" == "me")
    #expect(reports[1].method == .post && reports[1].peer.hasPrefix("127.0.0.1:") && reports[1].isComplete)
    await live.stop()
  }

  @Test("handlers and producers run with the loop as their executor, so that no await leaves it")
  func staysOnLoop() async throws {
    let live = try LiveServer.start { router in
      router.on(.get, "/handler") { _ in .text(Self.isAtHome()) }
      router.immediate(.get, "/producer") { _ in
        HTTPResponse(body: .stream { writer in try await writer.write(Array(Self.isAtHome().utf8)) })
      }
    }
    let client = try live.connect()
    for target in ["/handler", "/producer"] {
      try await client.request(target)
      #expect(try await client.answer().text == "true")
    }
    await live.stop()
  }

  private static func isAtHome() -> String {
    let prefers = withUnsafeCurrentTask { $0?.unownedTaskExecutor != nil }
    return "\(EventLoop.isCurrent && prefers)"
  }
}
