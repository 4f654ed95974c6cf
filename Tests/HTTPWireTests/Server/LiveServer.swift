import Foundation
import Synchronization
import TestSupport
import Testing
import Transport

@testable import HTTPWire

/// A server on a free port of the loopback, with what it reported.
final class LiveServer: Sendable {
  let server: HTTPServer
  let port: Int
  let exchanges: Recorder<HTTPExchange>
  let errors: Recorder<String>

  /// Starts a server with the routes that `build` adds.
  @EventLoop
  static func start(
    port: Int = 0, _ change: @Sendable (inout HTTPServerOptions) -> Void = { _ in },
    _ build: @Sendable (inout Router) -> Void
  ) throws -> LiveServer {
    var router = Router()
    build(&router)
    var options = HTTPServerOptions()
    // All tests share two threads: on a busy machine a test may wait for its turn longer than a server would.
    options.headTimeout = .seconds(300)
    options.idleTimeout = .seconds(300)
    options.bodyWindow = .seconds(300)
    options.writeTimeout = .seconds(300)
    let exchanges = Recorder<HTTPExchange>()
    let errors = Recorder<String>()
    options.onExchange = { exchanges.add($0) }
    options.onError = { error, _ in errors.add("\(error)") }
    change(&options)
    let server = HTTPServer(router: router, options: options)
    let bound = try server.listen(on: .tcp(host: "127.0.0.1", port: port))
    return LiveServer(server, bound, exchanges, errors)
  }

  private init(_ server: HTTPServer, _ port: Int, _ exchanges: Recorder<HTTPExchange>, _ errors: Recorder<String>) {
    self.server = server
    self.port = port
    self.exchanges = exchanges
    self.errors = errors
  }

  /// A raw connection to it.
  @EventLoop
  func connect() throws -> RawClient { try RawClient(port: port) }

  /// Ends it; every test does, so that no connection outlives its test.
  func stop() async { await server.shutdown(within: .milliseconds(200)) }
}

/// What came, in order; from any thread.
final class Recorder<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])
  var all: [Element] { elements.withLock { $0 } }
  func add(_ element: Element) { elements.withLock { $0.append(element) } }

  /// Waits until `count` elements are there.
  func wait(for count: Int) async throws -> [Element] {
    try await eventually("\(count) elements") { self.all.count >= count }
    return all
  }
}

/// A door that a test opens for a handler, on the loop.
@EventLoop
final class Gate {
  private var isOpen = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  nonisolated init() {}

  func open() {
    isOpen = true
    let waiting = waiters
    waiters = []
    for waiter in waiting { waiter.resume() }
  }

  func pass() async {
    if isOpen { return }
    await withCheckedContinuation { waiters.append($0) }
  }
}

/// A client that sends raw bytes; its blocking calls run on threads of their own, since the pool has few.
@EventLoop
final class RawClient {
  struct Answer {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  let socket: BlockingSocket
  private var unread: [UInt8] = []
  private var parser = HTTPResponseParser()

  fileprivate init(port: Int) throws { socket = try BlockingSocket(to: .loopback(port: port), timeout: .seconds(300)) }

  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) async throws {
    // What fits the kernel's buffer does not block.
    if bytes.count < 16_384 { return try socket.write(bytes) }
    try await offThread { [socket] () throws(SupportError) in try socket.write(bytes) }
  }

  private func read() async throws -> [UInt8] {
    try await offThread { [socket] () throws(SupportError) in try socket.read() }
  }

  /// Sends a GET, or another method without a body.
  func request(_ target: String, method: String = "GET", fields: String = "") async throws {
    try await send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n")
  }

  /// The next whole answer.
  func answer(toHead: Bool = false) async throws -> Answer {
    parser.expect(toHead: toHead)
    var answer: Answer?
    while true {
      let bytes = unread
      let step = try parser.next(bytes.span)
      switch step.event {
      case .head(let head): answer = Answer(status: head.status.code, headers: head.headers, body: [])
      case .body(let range): answer?.body += bytes[range]
      case .end:
        unread.removeFirst(step.consumed)
        return try #require(answer)
      case .needsMore:
        unread.removeFirst(step.consumed)
        let more = try await read()
        if more.isEmpty {
          try parser.finish()
          return try #require(answer)
        }
        unread += more
        continue
      }
      unread.removeFirst(step.consumed)
    }
  }

  /// Reads until `text` has come; what is read is kept for `answer`.
  func await(_ text: String) async throws {
    let wanted = Array(text.utf8)
    while unread.count < wanted.count || !unread.contains(wanted) {
      let more = try await read()
      if more.isEmpty { throw SupportError("the server closed before \(text)") }
      unread += more
    }
  }

  /// Forgets what was read.
  func forget() { unread = [] }

  /// Everything until the server closes, as text.
  func rest() async throws -> String {
    while true {
      let more = try await read()
      if more.isEmpty { break }
      unread += more
    }
    defer { unread = [] }
    return String(decoding: unread, as: UTF8.self)
  }

  /// Whether the server has closed and sent nothing more.
  func isEnded() async throws -> Bool {
    guard unread.isEmpty else { return false }
    return try await read().isEmpty
  }
}

/// Runs blocking calls on a thread of their own.
func offThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws(SupportError) -> Value
) async throws(SupportError) -> Value {
  let result: Result<Value, SupportError> = await withCheckedContinuation { continuation in
    Thread {
      do throws(SupportError) {
        continuation.resume(returning: .success(try body()))
      } catch {
        continuation.resume(returning: .failure(error))
      }
    }.start()
  }
  return try result.get()
}

extension Problem {
  /// The member `type` of a problem in JSON, for expectations.
  static func slug(in text: String) -> String? {
    guard let start = text.range(of: "\"/problems/")?.upperBound else { return nil }
    return String(text[start...].prefix { $0 != "\"" })
  }
}

/// `block` so many times over, fast in a debug build too: the loop that tests run on must not stand still.
func repeated(_ block: [UInt8], _ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(block.count * count)
  for _ in 0..<count { bytes += block }
  return bytes
}
