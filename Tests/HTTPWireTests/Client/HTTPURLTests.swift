import HTTPWire
import TestSupport
import Testing
import Transport

@Suite("URLs of servers")
struct HTTPURLTests {
  @Test(
    "host, port and path are read",
    arguments: [
      ("http://localhost", "localhost", 80, ""), ("http://localhost/", "localhost", 80, ""),
      ("https://h", "h", 443, ""), ("http://h:1", "h", 1, ""), ("http://h:65535/a/b//", "h", 65_535, "/a/b"),
      ("http://[::1]", "::1", 80, ""), ("https://[::1]:99/x", "::1", 99, "/x"),
      ("http://10.0.0.1:4318", "10.0.0.1", 4318, ""),
    ])
  func valid(text: String, host: String, port: Int, path: String) throws {
    let url = try #require(HTTPURL(text))
    #expect(url.host == host && url.port == port && url.path == path && url.isSecure == text.hasPrefix("https"))
    #expect(url.endpoint == .tcp(host: host, port: port))
  }

  @Test(
    "what is no such URL is refused",
    arguments: [
      "", "http://", "http:///x", "h", "h:80", "ftp://h", "HTTP://h", "http://h:", "http://h:0", "http://h:65536",
      "http://h:+1", "http://h:1x", "http://u@h", "http://h?q", "http://h/#f", "http://[::1", "http://[]", "http://::1",
      "http://[::1]x", "http://a]b", "http://h /x", "http://h\r\nx", "http://h\u{E9}", "http:\\\\h",
      "http://h:99999999999999999999",
    ])
  func refused(text: String) { #expect(HTTPURL(text) == nil) }

  @Test("100000 mutated URLs are read or refused, and nothing ends the process")
  func mutations() {
    var generator = SeededGenerator()
    for _ in 0..<100_000 {
      let bytes = generator.mutate(Array("https://[::1]:4318/base/path/".utf8), changes: 3)
      guard let url = HTTPURL(String(decoding: bytes, as: UTF8.self)) else { continue }
      #expect((1...65_535).contains(url.port) && !url.host.isEmpty && !url.path.hasSuffix("/"), "\(generator)")
    }
  }
}
