import Glibc
import TestSupport
import Testing

@testable import Transport

@Suite("Connections")
struct ConnectionTests {
  @Test("bytes go there and back", arguments: ["127.0.0.1", "::1", "unix"])
  @EventLoop
  func echo(host: String) async throws {
    let folder = try TemporaryFolder()
    let server = EchoPeer()
    let endpoint: Endpoint = host == "unix" ? .unix(path: folder.file("echo")) : .tcp(host: host, port: 0)
    let listener = try Listener.bind(endpoint) { server.serve($0) }
    defer { listener.close() }
    let client = try await connect(endpoint, port: listener.port)
    client.send("hello ")
    client.send("world")
    let answer = await client.receive(11)
    #expect(String(decoding: answer, as: UTF8.self) == "hello world")
    client.connection.close()
    await client.end()
    #expect(client.endings == [nil])
  }

  @Test("ten megabytes through a congested connection arrive unchanged, and the writer is told when it drains")
  @EventLoop
  func congestion() async throws {
    let server = EchoPeer()
    server.isSilent = true
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { server.serve($0) }
    defer { listener.close() }
    let client = try await connect(.tcp(host: "127.0.0.1", port: 0), port: listener.port)
    let writer = await theConnection(of: server)
    let bytes = (0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    writer.output.append(bytes)
    #expect(writer.isCongested)
    writer.flush()
    let arrived = await client.receive(bytes.count)
    #expect(arrived == bytes)
    #expect(server.drains == 1)
    #expect(!writer.isCongested)
    client.connection.close()
  }

  @Test("a paused reader takes nothing until it resumes, and then loses nothing")
  @EventLoop
  func pausedReading() async throws {
    let server = EchoPeer()
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { connection in
      connection.pauseReading()
      server.serve(connection)
    }
    defer { listener.close() }
    let client = try await connect(.tcp(host: "127.0.0.1", port: 0), port: listener.port)
    client.send("abc")
    let reader = await theConnection(of: server)
    #expect(client.received.isEmpty)
    reader.resumeReading()
    #expect(await client.receive(3) == Array("abc".utf8))
    client.connection.close()
  }

  @Test("closeAfterFlush sends what is written first, then the peer sees the end")
  @EventLoop
  func closeAfterFlush() async throws {
    let payload = [UInt8](repeating: 7, count: 3_000_000)
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { connection in
      connection.output.append(payload)
      connection.closeAfterFlush()
    }
    defer { listener.close() }
    let client = try await connect(.tcp(host: "127.0.0.1", port: 0), port: listener.port)
    await client.end()
    #expect(client.received == payload)
    #expect(client.endings == [nil])
  }

  @Test("a reset is reported once, as an error")
  @EventLoop
  func reset() async throws {
    let server = EchoPeer()
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { server.serve($0) }
    defer { listener.close() }
    let port = listener.port
    var raw: BlockingSocket? = try BlockingSocket(to: .loopback(port: port))
    let accepted = await theConnection(of: server)
    var linger = linger(l_onoff: 1, l_linger: 0)
    let descriptor = try #require(raw?.descriptor)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    raw = nil
    await turns { !server.closures.isEmpty }
    #expect(server.closures.count == 1)
    #expect(server.closures.first??.code == "connection_reset")
    #expect(!accepted.isOpen)
    accepted.close()
    accepted.closeAfterFlush()
    await turns { true }
    #expect(server.closures.count == 1)
  }

  @Test("an orderly end by the peer closes without an error")
  @EventLoop
  func orderlyEnd() async throws {
    let server = EchoPeer()
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { server.serve($0) }
    defer { listener.close() }
    let client = try await connect(.tcp(host: "127.0.0.1", port: 0), port: listener.port)
    _ = await theConnection(of: server)
    client.connection.close()
    await turns { !server.closures.isEmpty }
    #expect(server.closures == [nil])
  }

  @Test("a transform sees every byte in both directions")
  @EventLoop
  func transform() async throws {
    let server = EchoPeer()
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { server.serve($0) }
    defer { listener.close() }
    let mask = Mask()
    let connection = try await Connection.connect(
      to: .tcp(host: "127.0.0.1", port: listener.port), timeout: .seconds(5),
      transform: { () throws(TransportError) in mask })
    let client = Collector(connection)
    client.send("secret")
    #expect(await client.receive(6) == Array("secret".utf8))
    #expect(mask.onWire == Array("secret".utf8).map { $0 ^ 0x55 })
    client.connection.close()
  }

  @Test("a transform that refuses what it gets closes the connection with its reason")
  @EventLoop
  func refusingTransform() async throws {
    let server = EchoPeer()
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { server.serve($0) }
    defer { listener.close() }
    let mask = Mask()
    mask.refuses = true
    let connection = try await Connection.connect(
      to: .tcp(host: "127.0.0.1", port: listener.port), timeout: .seconds(5),
      transform: { () throws(TransportError) in mask })
    let client = Collector(connection)
    client.send("x")
    await client.end()
    #expect(client.endings == [.transform("refused")])
  }

  // MARK: -

  @EventLoop
  private func connect(_ endpoint: Endpoint, port: Int) async throws -> Collector {
    var target = endpoint
    if case .tcp(let host, _) = endpoint { target = .tcp(host: host, port: port) }
    return Collector(try await Connection.connect(to: target, timeout: .seconds(5)))
  }

  @EventLoop
  private func theConnection(of server: EchoPeer) async -> Connection {
    await turns { !server.connections.isEmpty }
    return server.connections[0]
  }

  /// Lets the loop turn until `condition` holds; the test's own time limit ends a wait in vain.
  @EventLoop
  private func turns(until condition: () -> Bool) async {
    repeat { await Task.yield() } while !condition()
  }
}

/// A transform that is easy to see on the wire: every byte xor 0x55.
@EventLoop
private final class Mask: ByteTransform {
  var onWire: [UInt8] = []
  var refuses = false

  nonisolated init() {}

  func start(wire: inout ByteBuffer) {}

  func receive(_ bytes: Span<UInt8>, input: inout ByteBuffer, wire: inout ByteBuffer) throws(TransportError) {
    if refuses { throw .transform("refused") }
    for index in bytes.indices { input.append(bytes[index] ^ 0x55) }
  }

  func send(_ output: inout ByteBuffer, wire: inout ByteBuffer) {
    let masked = output.takeAll().map { $0 ^ 0x55 }
    onWire += masked
    wire.append(masked)
  }

  func finish(wire: inout ByteBuffer) {}
}
