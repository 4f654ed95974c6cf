import Foundation
import TestSupport
import Testing

@Suite("The fault proxy")
struct FaultProxyTests {
  let server: RedisServer
  let proxy: FaultProxy

  init() throws {
    server = try RedisServer()
    proxy = try FaultProxy(to: server.address)
  }

  func line(_ timeout: Duration = .seconds(10)) throws -> RedisLine {
    try RedisLine(to: proxy.address, timeout: timeout)
  }

  @Test("bytes pass both ways, also a megabyte")
  func forward() throws {
    let line = try line()
    let value = [UInt8](repeating: 7, count: 3 << 20)
    #expect(try line.command([Array("SET".utf8), Array("k".utf8), value]) == .simple("OK"))
    #expect(try line.command([Array("GET".utf8), Array("k".utf8)]) == .bulk(value))
    #expect(proxy.openConnections == 1 && proxy.acceptedConnections == 1)
  }

  @Test("a black hole answers nothing, and what it held passes afterwards")
  func blackHole() throws {
    let line = try line(.milliseconds(200))
    proxy.set(.blackHole)
    #expect(throws: SupportError.self) { try line.command([Array("PING".utf8)]) }
    proxy.set(.forward)
    #expect(try line.receive() == .simple("PONG"))
  }

  @Test("held replies: the server has done the command")
  func holdReplies() async throws {
    let line = try line(.milliseconds(200))
    proxy.set(.holdReplies)
    #expect(throws: SupportError.self) { try line.command([Array("INCR".utf8), Array("n".utf8)]) }
    #expect(try server.command("GET", "n").int == 1)
    proxy.cut()
    #expect(throws: SupportError.self) { try line.receive() }
    #expect(proxy.openConnections == 0)
  }

  @Test("a delay holds each piece for its time")
  func delay() throws {
    let line = try line()
    proxy.set(.delay(.milliseconds(30)))
    let start = ContinuousClock.now
    #expect(try line.command([Array("PING".utf8)]) == .simple("PONG"))
    #expect(ContinuousClock.now - start >= .milliseconds(60))
  }

  @Test("a cut after sending loses the reply, not the command")
  func cutAfterSending() async throws {
    let line = try line()
    let command = "*2\r\n$4\r\nINCR\r\n$1\r\nm\r\n"
    proxy.cutAfterSending(bytes: command.utf8.count)
    #expect(throws: SupportError.self) { try line.command([Array("INCR".utf8), Array("m".utf8)]) }
    try await eventually("the command was done") { try server.command("GET", "m").int == 1 }
    #expect(try self.line().command([Array("PING".utf8)]) == .simple("PONG"))
  }

  @Test("a refused connection ends at once, and a half-closed one reads the end")
  func refuseAndHalfClose() throws {
    let open = try line()
    #expect(try open.command([Array("PING".utf8)]) == .simple("PONG"))
    proxy.set(.refuse)
    #expect(throws: SupportError.self) { try self.line().command([Array("PING".utf8)]) }
    #expect(try open.command([Array("PING".utf8)]) == .simple("PONG"))
    proxy.halfClose()
    #expect { try open.receive() } throws: { "\($0)".contains("closed") }
  }
}
