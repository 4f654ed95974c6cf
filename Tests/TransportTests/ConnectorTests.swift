import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite("Connecting and resolving")
struct ConnectorTests {
  @Test("a refused connection says so and names the address")
  @EventLoop
  func refused() async throws {
    let port = try FreePort.next()
    let failure = await failure(.tcp(host: "127.0.0.1", port: port))
    #expect(failure?.code == "connection_refused")
    #expect(failure?.description.contains("127.0.0.1:\(port)") == true)
  }

  @Test("a missing unix socket and an impossible path are errors, not traps")
  @EventLoop
  func badPaths() async {
    let missing = await failure(.unix(path: "/nonexistent/socket"))
    #expect(missing?.code == "system_error")
    let long = await failure(.unix(path: String(repeating: "x", count: 200)))
    #expect(long?.code == "bad_endpoint")
    let empty = await failure(.unix(path: ""))
    #expect(empty?.code == "bad_endpoint")
  }

  @Test("every address of a name is tried, in order")
  @EventLoop
  func everyAddress() async throws {
    let server = EchoPeer()
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { server.serve($0) }
    defer { listener.close() }
    let dead = try FreePort.next()
    let good = listener.port
    let resolver = Resolver { _, _ in
      .success([dead, dead, good].compactMap { Resolver.literal("127.0.0.1", port: $0) })
    }
    let connection = try await Connection.connect(
      to: .tcp(host: "redis.example", port: 1), timeout: .seconds(10), resolver: resolver)
    #expect(connection.peer == "127.0.0.1:\(good)")
    connection.close()
  }

  @Test("names are looked up anew at each connect")
  @EventLoop
  func anew() async throws {
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { $0.close() }
    defer { listener.close() }
    let port = listener.port
    let lookups = Counter()
    let resolver = Resolver { _, _ in
      lookups.add()
      return .success([Resolver.literal("127.0.0.1", port: port)].compactMap { $0 })
    }
    for _ in 0..<3 {
      try await Connection.connect(to: .tcp(host: "a.example", port: port), timeout: .seconds(5), resolver: resolver)
        .close()
    }
    #expect(lookups.value == 3)
  }

  @Test("a resolver that hangs delays no timer and no other connection")
  @EventLoop
  func blackHole() async throws {
    let gate = Gate()
    defer { gate.open() }
    let resolver = Resolver { name, _ in
      gate.wait()
      return .failure(.nameNotResolved(name: name, reason: "the gate opened"))
    }
    let listener = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { $0.close() }
    defer { listener.close() }
    let port = listener.port
    let events = Journal()
    // More look-ups than the resolver has threads.
    let waiting = (0..<20).map { _ in
      EventLoop.spawn {
        let failure = await Self.failure(
          .tcp(host: "black.hole", port: 1), timeout: .seconds(600), resolver: resolver)
        events.add(failure?.code ?? "connected")
      }
    }
    await withCheckedContinuation { continuation in
      EventLoop.after(.milliseconds(1)) {
        events.add("timer")
        continuation.resume()
      }
    }
    try await Connection.connect(to: .tcp(host: "127.0.0.1", port: port), timeout: .seconds(5)).close()
    events.add("other connection")
    gate.open()
    for task in waiting { await task.value }
    #expect(Set(events.lines.prefix(2)) == ["timer", "other connection"])
    #expect(events.lines.dropFirst(2) == Array(repeating: "name_not_resolved", count: 20)[...])
  }

  @Test("a resolver that hangs costs its caller the deadline")
  @EventLoop
  func resolverDeadline() async throws {
    let gate = Gate()
    defer { gate.open() }
    let resolver = Resolver { name, _ in
      gate.wait()
      return .failure(.nameNotResolved(name: name, reason: "the gate opened"))
    }
    let failure = await failure(
      .tcp(host: "black.hole", port: 1), timeout: .milliseconds(20), resolver: resolver)
    #expect(failure == .timedOut(operation: "resolving the name", peer: "black.hole"))
  }

  @Test("an unknown name is an error that carries the name")
  @EventLoop
  func unknownName() async {
    let resolver = Resolver { name, _ in .failure(.nameNotResolved(name: name, reason: "no such host")) }
    let failure = await failure(.tcp(host: "no.example", port: 80), resolver: resolver)
    #expect(failure == .nameNotResolved(name: "no.example", reason: "no such host"))
  }

  @Test("a peer that never answers ends in a time-out, and cancelling ends at once")
  @EventLoop
  func neverAnswers() async throws {
    // A listener whose backlog is full and that never accepts answers no further handshake.
    let descriptor = try Socket.open(for: try #require(Resolver.literal("127.0.0.1", port: 0)))
    defer { Glibc.close(descriptor) }
    _ = try #require(Resolver.literal("127.0.0.1", port: 0)).withPointer { Glibc.bind(descriptor, $0, $1) }
    listen(descriptor, 0)
    let port = try #require(Socket.localAddress(descriptor)?.port)
    var held: [Connection] = []
    var failure: TransportError?
    while failure == nil {
      do {
        held.append(
          try await Connection.connect(to: .tcp(host: "127.0.0.1", port: port), timeout: .milliseconds(300)))
      } catch {
        failure = error
      }
    }
    #expect(failure?.code == "timed_out")
    let task = Task { @EventLoop in
      await Self.failure(.tcp(host: "127.0.0.1", port: port), timeout: .seconds(3600))
    }
    await Task.yield()
    task.cancel()
    #expect(await task.value == .cancelled)
    for connection in held { connection.close() }
  }

  @Test("a listener says when its address is taken, and a dead unix socket file is replaced")
  @EventLoop
  func listeners() async throws {
    let first = try Listener.bind(.tcp(host: "127.0.0.1", port: 0)) { $0.close() }
    #expect {
      try Listener.bind(.tcp(host: "127.0.0.1", port: first.port)) { $0.close() }
    } throws: { ($0 as? TransportError)?.code == "address_in_use" }
    first.close()
    first.close()
    #expect(throws: TransportError.self) { try Listener.bind(.tcp(host: "not an address", port: 0)) { $0.close() } }

    let folder = try TemporaryFolder()
    let path = folder.file("s")
    let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    _ = try SocketAddress(unixPath: path).withPointer { Glibc.bind(stale, $0, $1) }
    Glibc.close(stale)
    let replacing = try Listener.bind(.unix(path: path)) { $0.close() }
    #expect {
      try Listener.bind(.unix(path: path)) { $0.close() }
    } throws: { ($0 as? TransportError)?.code == "address_in_use" }
    replacing.close()
  }

  @Test("a blocked signal arrives on the loop")
  @EventLoop
  func signals() async throws {
    SignalSource.block([SIGUSR2])
    let received = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
      do {
        let once = Journal()
        _ = try SignalSource([SIGUSR2]) { signal in
          once.add("\(signal)")
          if once.lines.count == 1 { continuation.resume(returning: signal) }
        }
        raise(SIGUSR2)
      } catch {
        continuation.resume(throwing: error)
      }
    }
    #expect(received == SIGUSR2)
  }

  @EventLoop
  private func failure(
    _ endpoint: Endpoint, timeout: Duration = .seconds(5), resolver: Resolver = .shared
  ) async -> TransportError? {
    await Self.failure(endpoint, timeout: timeout, resolver: resolver)
  }

  @EventLoop
  private static func failure(
    _ endpoint: Endpoint, timeout: Duration = .seconds(5), resolver: Resolver = .shared
  ) async -> TransportError? {
    do {
      try await Connection.connect(to: endpoint, timeout: timeout, resolver: resolver).close()
      return nil
    } catch {
      return error
    }
  }
}

@EventLoop
private final class Journal {
  private(set) var lines: [String] = []
  nonisolated init() {}
  func add(_ line: String) { lines.append(line) }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  func add() { count.add(1, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}

/// A thread gate over a pipe: `wait` blocks its thread until `open`.
private final class Gate: Sendable {
  private let ends: (read: Int32, write: Int32)

  init() {
    var descriptors: [Int32] = [0, 0]
    pipe(&descriptors)
    ends = (descriptors[0], descriptors[1])
  }

  func wait() {
    var waiting = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
    poll(&waiting, 1, -1)
  }

  func open() { write(ends.write, "x", 1) }
}
