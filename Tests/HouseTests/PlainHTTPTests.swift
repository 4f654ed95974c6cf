import Foundation
import TestSupport
import Testing

@Suite("The plain HTTP client")
struct PlainHTTPTests {
  /// A server of canned answers: the path is the answer, percent-encoded.
  static let script = """
    import socket, urllib.parse, threading
    s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
    print("port", s.getsockname()[1], flush=True)
    def serve(c):
        data = b""
        while b"\\r\\n\\r\\n" not in data: data += c.recv(65536)
        c.sendall(urllib.parse.unquote_to_bytes(data.split()[1][1:])); c.close()
    while True:
        threading.Thread(target=serve, args=(s.accept()[0],)).start()
    """

  let server: ChildProcess
  let client: PlainHTTP

  init() async throws {
    server = try ChildProcess("python3", ["-c", Self.script])
    let line = try await server.line(containing: "port ")
    client = PlainHTTP(port: try #require(Int(line.dropFirst(5))))
  }

  func path(_ answer: String) -> String {
    "/" + answer.utf8.map { String(format: "%%%02x", $0) }.joined()
  }

  @Test("a body of a given length, with its fields")
  func length() async throws {
    let answer = try await client.get(path("HTTP/1.1 202 Accepted\r\nX-A: 1\r\nContent-Length: 7\r\n\r\n{\"a\":1}"))
    #expect(answer.status == 202 && answer.headers["x-a"] == "1" && answer.json["a"].int == 1)
  }

  @Test("chunks are joined, 1xx answers passed over")
  func chunks() async throws {
    let text =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    #expect(try await client.get(path(text)).text == "abcde")
  }

  @Test("a stream comes line by line, across chunks")
  func stream() async throws {
    let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\na: 1\n\r\n3\r\n\nb:\r\n3\r\n 2\n\r\n0\r\n\r\n"
    let stream = try await client.open(path(text))
    var lines: [String] = []
    while let line = try await stream.nextLine() { lines.append(line) }
    #expect(lines == ["a: 1", "", "b: 2"])
  }

  @Test("a body that is cut short is an error")
  func short() async throws {
    await #expect(throws: SupportError.self) {
      try await client.get(path("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))
    }
  }
}
