import TestSupport
import Testing
import Transport

@testable import HTTPWire

@EventLoop @Suite struct HTTPClientTests {
  private func start(_ change: @Sendable (inout HTTPServerOptions) -> Void = { _ in }) throws -> LiveServer {
    try LiveServer.start(change) { router in
      router.immediate(.get, "/peer") { .text($0.peer) }
      router.on(.post, "/echo", options: RouteOptions(bodyLimit: 8 << 20)) { request in
        HTTPResponse(
          status: .created, headers: ["X-Type": request.headers["X-Type"] ?? ""], body: .bytes(request.body))
      }
      router.on(.get, "/wait") { _ in
        try await EventLoop.sleep(for: .seconds(3_600))
        return .text("never")
      }
      router.on(.get, "/events") { _ in
        .events { writer in
          for id in 1...3 { try await writer.write(ServerSentEvent(id: "\(id)", data: Array("e\(id)".utf8))) }
        }
      }
      router.on(.get, "/silent") { _ in
        .events { writer in
          try await writer.write(ServerSentEvent(data: [97]))
          try await EventLoop.sleep(for: .seconds(3_600))
        }
      }
      router.on(.get, "/broken") { _ in
        HTTPResponse(
          body: .stream { writer in
            try await writer.write([97])
            throw Problem(.conflict, "x", "X")
          })
      }
    }
  }

  private func client(
    _ port: Int, _ change: (inout HTTPClientOptions) -> Void = { _ in }
  ) -> HTTPClient {
    var options = HTTPClientOptions()
    // The tests of all suites share the loop, and a busy machine makes it late.
    options.connectTimeout = .seconds(60)
    options.timeout = .seconds(60)
    change(&options)
    return HTTPClient(.tcp(host: "127.0.0.1", port: port), options: options)
  }

  @Test("requests go over one connection that is kept")
  func keepsConnection() async throws {
    let live = try start()
    let client = client(live.port)
    let first = try await client.send(.get, "/peer")
    #expect(first.status == .ok && first.text.hasPrefix("127.0.0.1:"))
    #expect(try await client.send(.get, "/peer").text == first.text)
    let missing = try await client.send(.post, "/nothing", body: [1, 2, 3])
    #expect(missing.status == .notFound && missing.headers["content-type"] == "application/problem+json")
    #expect(try await client.send(.head, "/peer").body.isEmpty)
    #expect(try await client.send(.get, "/peer").text == first.text)
    client.close()
    await live.stop()
  }

  @Test("large bodies go both ways")
  func largeBodies() async throws {
    let live = try start()
    let client = client(live.port)
    var generator = SeededGenerator(seed: 3)
    let body = repeated(generator.bytes(10_007), 500)
    let answer = try await client.send(
      .post, "/echo", headers: ["X-Type": "t", "Host": "no", "Content-Length": "1"], body: body)
    #expect(answer.status == .created && answer.body == body && answer.headers["x-type"] == "t", "\(generator)")
    await live.stop()
  }

  @Test("a kept connection that the server closed is replaced")
  func stale() async throws {
    let live = try start()
    let client = client(live.port)
    let first = try await client.send(.get, "/peer").text
    await live.stop()
    let next = try LiveServer.start(port: live.port) { router in router.immediate(.get, "/peer") { .text($0.peer) } }
    let second = try await client.send(.get, "/peer").text
    #expect(second.hasPrefix("127.0.0.1:") && second != first)
    await next.stop()
  }

  @Test("errors say what happened")
  func errors() async throws {
    let live = try start()
    let hasty = client(live.port) { $0.timeout = .milliseconds(50) }
    let late = await #expect(throws: HTTPClientError.self) { _ = try await hasty.send(.get, "/wait") }
    #expect(late?.code == "timed_out")
    let client = client(live.port) { $0.bodyLimit = 10 }
    await #expect(throws: HTTPClientError.bodyTooLarge(limit: 10)) {
      _ = try await client.send(.post, "/echo", body: [UInt8](repeating: 0, count: 11))
    }
    let cut = await #expect(throws: HTTPClientError.self) { _ = try await client.send(.get, "/broken") }
    #expect(cut == .disconnected(sent: true, peer: "127.0.0.1:\(live.port)") && cut?.isRetryable == false)
    await #expect(throws: HTTPClientError.malformedTarget("/a b")) { _ = try await client.send(.get, "/a b") }
    await live.stop()
    let refused = await #expect(throws: HTTPClientError.self) { _ = try await client.send(.get, "/peer") }
    #expect(refused?.code == "connection_refused" && refused?.isRetryable == true)
  }

  @Test("a cancelled caller stops waiting")
  func cancellation() async throws {
    let live = try start()
    let client = client(live.port)
    let seen = Recorder<HTTPClientError>()
    let task = EventLoop.spawn {
      do throws(HTTPClientError) { _ = try await client.send(.get, "/wait") } catch { seen.add(error) }
    }
    try await eventually("the request is there, or \(seen.all)") {
      live.server.connectionCount == 1 || !seen.all.isEmpty
    }
    task.cancel()
    let errors = try await seen.wait(for: 1)
    #expect(errors == [.cancelled])
    try await eventually("the connection is gone") { live.server.connectionCount == 0 }
    await live.stop()
  }

  @Test("events are read as they come, and silence has an end")
  func events() async throws {
    let live = try start()
    let client = client(live.port) { $0.streamTimeout = .seconds(1) }
    let stream = try await client.open(.get, "/events")
    var parser = ServerSentEventParser()
    var ids: [String?] = []
    while let bytes = try await stream.next() { ids += parser.append(bytes).map(\.id) }
    #expect(ids == ["1", "2", "3"] && stream.status == .ok)
    let silent = try await client.open(.get, "/silent")
    #expect(try await silent.next() != nil)
    await #expect(throws: HTTPClientError.timedOut(peer: "127.0.0.1:\(live.port)")) { _ = try await silent.next() }
    // The second request went over the kept connection of the first.
    try await eventually("the connection is gone") { live.server.connectionCount == 0 }
    await live.stop()
  }
}
