import Foundation

/// A client of few lines for a server on 127.0.0.1: one connection a request, no redirects, nothing hidden.
public struct PlainHTTP: Sendable {
  /// What came back.
  public struct Answer: Sendable, CustomStringConvertible {
    /// The status code.
    public let status: Int
    /// The fields, names in lower case; of a repeated one the last.
    public let headers: [String: String]
    /// The body, chunks joined.
    public let body: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as JSON; `null` when it is none.
    public var json: JSONTree { (try? JSONTree(text)) ?? .null }
    /// The lines of an NDJSON body.
    public var jsonLines: [JSONTree] {
      text.split(separator: "\n").map { (try? JSONTree(String($0))) ?? .null }
    }
    /// Status, fields and body, for failures.
    public var description: String { "\(status) \(headers) \(text.prefix(2000))" }
  }

  /// The server's port.
  public let port: Int

  /// A client of 127.0.0.1:`port`.
  public init(port: Int) { self.port = port }

  /// Sends a request and reads the whole answer.
  ///
  /// - Throws: when the server cannot be reached, or sends nothing for `limit`.
  public func request(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil,
    within limit: Duration = .seconds(30)
  ) async throws -> Answer {
    let bytes = head(method, path, headers, bodyCount: body?.count) + (body ?? [])
    let port = self.port
    let result: Result<Answer, SupportError> = await offThread {
      do throws(SupportError) {
        let socket = try BlockingSocket(to: .loopback(port: port), timeout: limit)
        // A server may refuse a request before it has read all of it: its answer counts, not the broken write.
        var writeError: SupportError?
        do throws(SupportError) { try socket.write(bytes) } catch { writeError = error }
        var reader = HTTPReader(socket)
        do throws(SupportError) { return .success(try reader.answer()) } catch { throw writeError ?? error }
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// GET.
  public func get(
    _ path: String, _ headers: [String: String] = [:], within limit: Duration = .seconds(30)
  ) async throws -> Answer {
    try await request("GET", path, headers, within: limit)
  }

  /// POST of JSON text.
  public func post(
    _ path: String, json: String, _ headers: [String: String] = [:], within limit: Duration = .seconds(30)
  ) async throws -> Answer {
    let all = ["Content-Type": "application/json"].merging(headers) { $1 }
    return try await request("POST", path, all, body: Array(json.utf8), within: limit)
  }

  /// Opens a stream (server-sent events): reads the head only; the lines come one by one.
  public func open(
    _ path: String, _ headers: [String: String] = [:], within limit: Duration = .seconds(30)
  ) async throws -> Stream {
    let bytes = head("GET", path, headers, bodyCount: nil)
    let port = self.port
    let result: Result<Stream, SupportError> = await offThread {
      do throws(SupportError) {
        let socket = try BlockingSocket(to: .loopback(port: port), timeout: limit)
        try socket.write(bytes)
        var reader = HTTPReader(socket)
        let head = try reader.head()
        return .success(Stream(status: head.status, headers: head.headers, reader: reader))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// An answer whose body goes on; for one task at a time.
  public final class Stream: @unchecked Sendable {
    /// The status code.
    public let status: Int
    /// The fields, names in lower case.
    public let headers: [String: String]
    // Touched by one call at a time: a stream has one reader.
    private var reader: HTTPReader

    init(status: Int, headers: [String: String], reader: HTTPReader) {
      self.status = status
      self.headers = headers
      self.reader = reader
    }

    /// The next line of the body without its end; nil after the last.
    public func nextLine() async throws -> String? {
      let result: Result<String?, SupportError> = await offThread { [self] in
        do throws(SupportError) {
          return .success(try reader.bodyLine(isChunked: headers["transfer-encoding"] == "chunked"))
        } catch {
          return .failure(error)
        }
      }
      return try result.get()
    }
  }

  private func head(_ method: String, _ path: String, _ headers: [String: String], bodyCount: Int?) -> [UInt8] {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    if let bodyCount { text += "Content-Length: \(bodyCount)\r\n" }
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    return Array((text + "\r\n").utf8)
  }
}
