import Foundation
import TestSupport
import Testing
import Transport

@testable import HTTPWire

@EventLoop @Suite struct ResponseStreamTests {
  private func start(_ seen: Recorder<String> = Recorder(), gate: Gate = Gate()) throws -> LiveServer {
    try LiveServer.start { router in
      router.immediate(.get, "/parts") { _ in
        HTTPResponse(
          contentType: "text/plain",
          body: .stream { writer in
            for part in ["one ", "", "two ", "three"] { try await writer.write(Array(part.utf8)) }
          })
      }
      router.on(.get, "/large") { _ in
        HTTPResponse(
          body: .stream { writer in
            for _ in 0..<400 {
              try await writer.write([UInt8](repeating: 120, count: 64 * 1024))
              seen.add("\(writer.bytesWritten)")
            }
          })
      }
      router.on(.get, "/events") { _ in
        .events { writer in
          try await writer.write(ServerSentEvent(id: "1", data: [97]))
          await gate.pass()
          do {
            while true {
              try await writer.write(ServerSentEvent.comment("beat"))
              try await EventLoop.sleep(for: .milliseconds(1))
            }
          } catch {
            seen.add("ended")
            throw error
          }
        }
      }
      router.on(.get, "/broken") { _ in
        HTTPResponse(
          body: .stream { writer in
            try await writer.write([97])
            throw SupportError("midway")
          })
      }
      router.on(.get, "/wait") { _ in
        do {
          try await EventLoop.sleep(for: .seconds(3_600))
        } catch {
          seen.add("cancelled")
          throw error
        }
        return .text("never")
      }
    }
  }

  @Test("a stream comes in chunks, and the connection is kept")
  func chunks() async throws {
    let live = try start()
    let client = try live.connect()
    for _ in 0..<2 {
      try await client.request("/parts")
      let answer = try await client.answer()
      #expect(answer.text == "one two three" && answer.headers["transfer-encoding"] == "chunked")
      #expect(!answer.headers.contains("content-length"))
    }
    try await client.request("/parts", method: "HEAD")
    #expect(try await client.answer(toHead: true).headers["transfer-encoding"] == "chunked")
    #expect(try await live.exchanges.wait(for: 3).map(\.responseBytes) == [13, 13, 0])
    await live.stop()
  }

  @Test("HTTP/1.0 gets a stream that ends with the connection")
  func http10() async throws {
    let live = try start()
    let client = try live.connect()
    try await client.send("GET /parts HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    let rest = try await client.rest()
    #expect(rest.contains("Connection: close\r\n") && !rest.contains("chunked"))
    #expect(rest.hasSuffix("\r\n\r\none two three"))
    await live.stop()
  }

  @Test("a producer waits for a client that does not read, and then loses nothing")
  func backpressure() async throws {
    let seen = Recorder<String>()
    let live = try start(seen)
    let client = try live.connect()
    try await client.request("/large")
    try await client.await("HTTP/1.1 200 OK")
    // The kernel's buffers and the high mark hold a part; all of it would be 25 MiB.
    #expect(seen.all.count < 400)
    let answer = try await client.answer()
    #expect(answer.body == [UInt8](repeating: 120, count: 400 * 64 * 1024))
    #expect(seen.all.count == 400)
    await live.stop()
  }

  @Test("events arrive one by one, and the producer ends when the client goes")
  func events() async throws {
    let seen = Recorder<String>()
    let gate = Gate()
    let live = try start(seen, gate: gate)
    do {
      let client = try live.connect()
      try await client.request("/events")
      try await client.await("id: 1\ndata: a\n\n")
      gate.open()
      try await client.await(": beat")
      withExtendedLifetime(client) {}
    }
    #expect(try await seen.wait(for: 1) == ["ended"])
    #expect(try await live.exchanges.wait(for: 1).map(\.isComplete) == [false])
    await live.stop()
  }

  @Test("a producer that fails cuts the connection, so that half an answer is not taken for a whole one")
  func failure() async throws {
    let live = try start()
    let client = try live.connect()
    try await client.request("/broken")
    let rest = try await client.rest()
    #expect(!rest.hasSuffix("0\r\n\r\n"))
    #expect(live.errors.all == ["midway"])
    #expect(try await live.exchanges.wait(for: 1).first?.isComplete == false)
    await live.stop()
  }

  @Test("a client that goes away cancels the handler")
  func cancellation() async throws {
    let seen = Recorder<String>()
    let live = try start(seen)
    do {
      let client = try live.connect()
      try await client.request("/wait")
      try await eventually("the connection is there") { live.server.connectionCount == 1 }
      withExtendedLifetime(client) {}
    }
    #expect(try await seen.wait(for: 1) == ["cancelled"])
    try await eventually("the connection is gone") { live.server.connectionCount == 0 }
    #expect(live.errors.all.isEmpty)
    await live.stop()
  }
}
