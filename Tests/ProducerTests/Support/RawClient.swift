import Foundation
import TestSupport

/// A client that sends raw bytes and reads answers as they come; its blocking calls run on threads of their own, as the
/// task that calls may be on the event loop.
final class RawClient {
  private let socket: BlockingSocket
  /// All that was read.
  private(set) var seen = ""

  init(port: Int, timeout: Duration = .seconds(20)) throws {
    socket = try BlockingSocket(to: .loopback(port: port), timeout: timeout)
  }

  /// Sends bytes; waits while the server takes none.
  func send(_ bytes: [UInt8]) async throws {
    try await offThread { [socket] () throws(SupportError) in try socket.write(bytes) }
  }

  /// Sends text.
  func send(_ text: String) async throws { try await send(Array(text.utf8)) }

  /// Sends no more, and still reads.
  func endSending() { socket.shutDownWriting() }

  /// Reads until `text` has come.
  func read(until text: String) async throws {
    while !seen.contains(text) {
      let bytes = try await offThread { [socket] () throws(SupportError) in try socket.read() }
      if bytes.isEmpty { throw SupportError("the server closed before \(text); it sent \(seen)") }
      seen += String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Reads until the server closes.
  func readAll() async throws -> String {
    let bytes = try await offThread { [socket] () throws(SupportError) in try socket.readAll() }
    seen += String(decoding: bytes, as: UTF8.self)
    return seen
  }

  /// Whether something has come that was not read yet.
  var hasUnread: Bool {
    var poller = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&poller, 1, 0) == 1
  }

  /// The head of a bulk whose body has `length` bytes, or comes in chunks; `fields` are more lines of it.
  func beginBulk(length: Int?, fields: String = "") async throws {
    let framing = length.map { "Content-Length: \($0)" } ?? "Transfer-Encoding: chunked"
    try await send(
      "POST /api/v1/jobs/bulk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n\(framing)\r\n"
        + "\(fields)Connection: close\r\n\r\n")
  }
}

/// Runs a blocking call on a thread of its own.
private func offThread<Value: Sendable>(
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
