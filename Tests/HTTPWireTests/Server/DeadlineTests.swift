import TestSupport
import Testing
import Transport

@testable import HTTPWire

@EventLoop @Suite struct DeadlineTests {
  private func start(_ change: @Sendable (inout HTTPServerOptions) -> Void) throws -> LiveServer {
    try LiveServer.start(change) { router in
      router.immediate(.get, "/ok") { _ in .text("ok") }
      router.on(.post, "/collect") { .text("\($0.body.count)") }
      router.on(.post, "/patient", options: RouteOptions(demandsProgress: false)) { .text("\($0.body.count)") }
      router.on(.post, "/stream", options: RouteOptions(body: .streamed)) { request in
        .text("\(try await request.bodyStream?.collect().count ?? 0)")
      }
      router.on(.get, "/large") { _ in
        HTTPResponse(
          body: .stream { writer in while true { try await writer.write([UInt8](repeating: 0, count: 65_536)) } })
      }
    }
  }

  @Test("a head that does not come is given up with 408")
  func head() async throws {
    let live = try start { $0.headTimeout = .milliseconds(60) }
    let client = try live.connect()
    try await client.send("GET /ok HTTP/1.1\r\nHos")
    let rest = try await client.rest()
    #expect(rest.hasPrefix("HTTP/1.1 408 ") && Problem.slug(in: rest) == "request-timeout")
    await live.stop()
  }

  @Test("a connection without a request is closed without a word")
  func idle() async throws {
    let live = try start { $0.idleTimeout = .milliseconds(400) }
    let fresh = try live.connect()
    let used = try live.connect()
    try await used.request("/ok")
    #expect(try await used.answer().text == "ok")
    #expect(try await fresh.isEnded())
    #expect(try await used.isEnded())
    await live.stop()
  }

  @Test("a body that comes too slowly is given up with 408, collected or streamed", arguments: ["/collect", "/stream"])
  func body(target: String) async throws {
    let live = try start { $0.bodyWindow = .milliseconds(60) }
    let client = try live.connect()
    try await client.send("POST \(target) HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc")
    let rest = try await client.rest()
    #expect(rest.hasPrefix("HTTP/1.1 408 ") && rest.contains("Connection: close"))
    await live.stop()
  }

  @Test("a route may have patience")
  func patience() async throws {
    let live = try start { $0.bodyWindow = .milliseconds(20) }
    let client = try live.connect()
    try await client.send("POST /patient HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nabc")
    let other = try live.connect()
    try await other.send("POST /collect HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nabc")
    #expect(try await other.answer().status == 408)
    try await client.send("d")
    #expect(try await client.answer().text == "4")
    await live.stop()
  }

  @Test("a client that takes no byte of its answer is cut off")
  func stuck() async throws {
    let live = try start { $0.writeTimeout = .milliseconds(100) }
    let client = try live.connect()
    try await client.request("/large")
    #expect(try await live.exchanges.wait(for: 1).first?.isComplete == false)
    try await eventually("the connection is gone") { live.server.connectionCount == 0 }
    withExtendedLifetime(client) {}
    await live.stop()
  }

  @Test("connections beyond the limit are told so")
  func limit() async throws {
    let live = try start { $0.maxConnections = 2 }
    let first = try live.connect()
    let second = try live.connect()
    for client in [first, second] {
      try await client.request("/ok")
      #expect(try await client.answer().text == "ok")
    }
    let third = try live.connect()
    let rest = try await third.rest()
    #expect(rest.hasPrefix("HTTP/1.1 503 ") && Problem.slug(in: rest) == "too-many-connections")
    #expect(rest.contains("Retry-After: 1"))
    await live.stop()
  }

  @Test("a client that drips its body byte by byte is cut off, though each byte comes soon")
  func drip() async throws {
    let live = try LiveServer.start {
      $0.bodyWindow = .milliseconds(8)
      $0.bodyBytesPerSecond = 1_000_000
    } _: { router in
      router.on(.post, "/back", options: RouteOptions(body: .streamed)) { request in
        HTTPResponse(
          body: .stream { writer in
            while let bytes = try await request.bodyStream?.next() { try await writer.write(bytes) }
          })
      }
    }
    let client = try live.connect()
    try await client.send("POST /back HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n")
    var echoes = 0
    await #expect(throws: (any Error).self) {
      while echoes < 1_000_000 {
        try await client.send("x")
        try await client.await("1\r\nx\r\n")
        client.forget()
        echoes += 1
      }
    }
    let reports = try await live.exchanges.wait(for: 1)
    #expect(reports.first?.isComplete == false && echoes < 1_000_000)
    await live.stop()
  }

  @Test("a last answer reaches a client that reads late")
  func lateReader() async throws {
    let live = try LiveServer.start {
      $0.lingerTimeout = .milliseconds(20)
      $0.idleTimeout = .milliseconds(150)
    } _: { router in
      router.on(.post, "/large", options: RouteOptions(body: .streamed)) { _ in
        HTTPResponse(body: .bytes([UInt8](repeating: 7, count: 16 << 20)))
      }
    }
    let client = try live.connect()
    try await client.send("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 500000\r\n\r\nabc")
    // Another connection's end by idleness says that the time to linger has long passed.
    let clock = try live.connect()
    #expect(try await clock.isEnded())
    let answer = try await client.answer()
    #expect(answer.headers["connection"] == "close" && answer.body.count == 16 << 20)
    await live.stop()
  }
}
