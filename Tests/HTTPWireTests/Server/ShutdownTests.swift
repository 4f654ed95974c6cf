import TestSupport
import Testing
import Transport

@testable import HTTPWire

@EventLoop @Suite struct ShutdownTests {
  private func start(_ gate: Gate, _ seen: Recorder<String>) throws -> LiveServer {
    try LiveServer.start { router in
      router.immediate(.get, "/ok") { _ in .text("ok") }
      router.on(.get, "/wait") { _ in
        seen.add("waiting")
        await gate.pass()
        return .text("done")
      }
      router.on(.get, "/long") { _ in
        seen.add("long")
        do { try await EventLoop.sleep(for: .seconds(3_600)) } catch { seen.add("cancelled") }
        return .text("late")
      }
    }
  }

  @Test("idle connections close, running requests are answered and then closed, nothing new is accepted")
  func drains() async throws {
    let gate = Gate()
    let seen = Recorder<String>()
    let live = try start(gate, seen)
    let idle = try live.connect()
    try await idle.request("/ok")
    #expect(try await idle.answer().text == "ok")
    let running = try live.connect()
    try await running.request("/wait")
    _ = try await seen.wait(for: 1)
    let shutdown = EventLoop.spawn { await live.server.shutdown(within: .seconds(60)) }
    #expect(try await idle.isEnded())
    #expect(throws: SupportError.self) { _ = try live.connect() }
    #expect(live.server.isDraining)
    gate.open()
    let answer = try await running.answer()
    #expect(answer.text == "done" && answer.headers["connection"] == "close")
    #expect(try await running.isEnded())
    await shutdown.value
    #expect(live.server.connectionCount == 0)
  }

  @Test("what runs beyond the limit is cancelled and cut off")
  func limit() async throws {
    let seen = Recorder<String>()
    let live = try start(Gate(), seen)
    let client = try live.connect()
    try await client.request("/long")
    _ = try await seen.wait(for: 1)
    await live.server.shutdown(within: .milliseconds(20))
    #expect(try await seen.wait(for: 2) == ["long", "cancelled"])
    #expect(try await live.exchanges.wait(for: 1).first?.isComplete == false)
    #expect(live.server.connectionCount == 0)
  }

  @Test("a server without connections ends at once, also twice")
  func empty() async throws {
    let live = try start(Gate(), Recorder())
    await live.server.shutdown(within: .seconds(60))
    await live.server.shutdown(within: .seconds(60))
    #expect(live.server.connectionCount == 0)
  }
}
