import TestSupport
import Testing
import Transport

@testable import HTTPWire

@EventLoop @Suite struct RequestBodyTests {
  private func start(
    gate: Gate = Gate(), seen: Recorder<String> = Recorder(), expecting expected: [UInt8] = [],
    _ change: @Sendable (inout HTTPServerOptions) -> Void = { _ in }
  ) throws -> LiveServer {
    try LiveServer.start(change) { router in
      router.on(.post, "/collect", options: RouteOptions(bodyLimit: 100_000)) { .text("\($0.body.count)") }
      router.on(.post, "/stream", options: RouteOptions(body: .streamed, bodyLimit: 20_000_000)) { request in
        seen.add("started")
        await gate.pass()
        do {
          var all: [UInt8] = []
          while let bytes = try await request.bodyStream?.next() { all += bytes }
          return .text("\(all.count) \(all == expected)")
        } catch let error as HTTPStreamError {
          seen.add(error.code)
          throw error
        }
      }
      router.on(.post, "/ignore", options: RouteOptions(body: .streamed)) { _ in .text("ignored") }
      router.on(.post, "/back", options: RouteOptions(body: .streamed)) { request in
        HTTPResponse(
          contentType: "text/plain",
          body: .stream { writer in
            while let bytes = try await request.bodyStream?.next() { try await writer.write(bytes) }
          })
      }
      router.immediate(.get, "/ok") { _ in .text("ok") }
    }
  }

  private func post(_ target: String, _ fields: String, _ body: String = "") -> String {
    "POST \(target) HTTP/1.1\r\nHost: t\r\n\(fields)\r\n\r\n\(body)"
  }

  @Test("a body up to the limit is taken, one beyond it is refused while it is still being sent")
  func limit() async throws {
    let live = try start()
    var client = try live.connect()
    let full = String(repeating: "x", count: 100_000)
    try await client.send(post("/collect", "Content-Length: 100000", full))
    #expect(try await client.answer().text == "100000")
    try await client.send(post("/collect", "Content-Length: 100001", full))
    let told = try await client.answer()
    #expect(told.status == 413 && Problem.slug(in: told.text) == "payload-too-large")
    #expect(told.headers["connection"] == "close")
    client = try live.connect()
    try await client.send(post("/collect", "Transfer-Encoding: chunked", "186A0\r\n\(full)\r\n5\r\nhello\r\n"))
    #expect(try await client.answer().status == 413)
    await live.stop()
  }

  @Test("a large body streams through, and a handler that waits holds the client up")
  func backpressure() async throws {
    let gate = Gate()
    let seen = Recorder<String>()
    var generator = SeededGenerator(seed: 7)
    let body = repeated(generator.bytes(10_007), 1_200)
    let live = try start(gate: gate, seen: seen, expecting: body)
    let client = try live.connect()
    let socket = client.socket
    let sender = Task.detached {
      try socket.write("POST /stream HTTP/1.1\r\nHost: t\r\nContent-Length: \(body.count)\r\n\r\n")
      try socket.write(body)
    }
    _ = try await seen.wait(for: 1)
    gate.open()
    try await sender.value
    #expect(try await client.answer().text == "\(body.count) true", "\(generator)")
    try await client.request("/ok")
    #expect(try await client.answer().text == "ok")
    await live.stop()
  }

  @Test("small chunks are gathered and trailers dropped")
  func chunks() async throws {
    let live = try start()
    openedGate.open()
    let client = try live.connect()
    let chunks = String(repeating: "1;x\r\na\r\n", count: 500) + "0\r\nT: 1\r\n\r\n"
    try await client.send(post("/back", "Transfer-Encoding: chunked", chunks))
    #expect(try await client.answer().text == String(repeating: "a", count: 500))
    try await client.send(post("/collect", "Transfer-Encoding: chunked", chunks))
    #expect(try await client.answer().text == "500")
    await live.stop()
  }

  private let openedGate = Gate()

  @Test("a body goes back while it comes")
  func duplex() async throws {
    let live = try start()
    let client = try live.connect()
    try await client.send(post("/back", "Transfer-Encoding: chunked", "3\r\nabc\r\n"))
    try await client.await("3\r\nabc\r\n")
    try await client.send("2\r\nde\r\n0\r\n\r\n")
    #expect(try await client.answer().text == "abcde")
    try await client.request("/ok")
    #expect(try await client.answer().text == "ok")
    await live.stop()
  }

  @Test("a client that asks is told to continue, before it is told anything else")
  func expectation() async throws {
    let gate = Gate()
    let live = try start(gate: gate)
    let client = try live.connect()
    gate.open()
    for target in ["/collect", "/stream", "/back"] {
      try await client.send(post(target, "Content-Length: 3\r\nExpect: 100-continue"))
      try await client.await("HTTP/1.1 100 Continue\r\n\r\n")
      try await client.send("abc")
      #expect(try await client.answer().status == 200)
    }
    try await client.send(post("/nothing", "Content-Length: 3\r\nExpect: 100-continue"))
    let refused = try await client.rest()
    #expect(refused.hasPrefix("HTTP/1.1 404 ") && refused.contains("Connection: close"))
    let other = try live.connect()
    try await other.send(post("/collect", "Content-Length: 3\r\nExpect: something"))
    #expect(try await other.answer().status == 417)
    await live.stop()
  }

  @Test("a body that nobody reads is skipped when it is there, else the connection ends")
  func unread() async throws {
    let live = try start()
    let client = try live.connect()
    try await client.send(post("/ignore", "Content-Length: 3", "abc"))
    #expect(try await client.answer().text == "ignored")
    try await client.send(post("/ignore", "Content-Length: 300000", "abc"))
    let answer = try await client.answer()
    #expect(answer.text == "ignored" && answer.headers["connection"] == "close")
    #expect(try await client.isEnded())
    await live.stop()
  }

  @Test("a client that goes away in the middle ends the handler's reading")
  func disconnect() async throws {
    let gate = Gate()
    let seen = Recorder<String>()
    let live = try start(gate: gate, seen: seen)
    gate.open()
    do {
      let client = try live.connect()
      try await client.send(post("/stream", "Content-Length: 10", "abc"))
      _ = try await seen.wait(for: 1)
      withExtendedLifetime(client) {}
    }
    let events = try await seen.wait(for: 2)
    #expect(events == ["started", "disconnected"])
    _ = try await live.exchanges.wait(for: 1)
    await live.stop()
  }

  @Test("broken framing in a streamed body reaches the handler and then the client")
  func broken() async throws {
    let gate = Gate()
    let seen = Recorder<String>()
    let live = try start(gate: gate, seen: seen)
    gate.open()
    let client = try live.connect()
    try await client.send(post("/stream", "Transfer-Encoding: chunked", "3\r\nabcd\r\n0\r\n\r\n"))
    let answer = try await client.answer()
    #expect(answer.status == 400 && Problem.slug(in: answer.text) == "malformed-chunk")
    #expect(seen.all == ["started", "malformed_chunk"])
    #expect(try await client.isEnded())
    await live.stop()
  }

  @Test("bodies beyond the memory for all of them are refused")
  func budget() async throws {
    let live = try start { $0.maxBufferedBodyBytes = 1_000 }
    let client = try live.connect()
    try await client.send(post("/collect", "Content-Length: 1000", String(repeating: "x", count: 1_000)))
    #expect(try await client.answer().text == "1000")
    try await client.send(post("/collect", "Content-Length: 1001", String(repeating: "x", count: 1_001)))
    let answer = try await client.answer()
    #expect(answer.status == 503 && answer.headers["retry-after"] == "1")
    let other = try live.connect()
    try await other.send(post("/collect", "Content-Length: 1000", String(repeating: "x", count: 1_000)))
    #expect(try await other.answer().text == "1000")
    await live.stop()
  }
}
