import Testing

@testable import HTTPWire

@Suite struct HTTPHeadersTests {
  @Test("names are compared without regard to case and order is kept")
  func lookup() {
    var headers: HTTPHeaders = ["B": "1", "a": "2", "b": "3"]
    #expect(headers["b"] == "1" && headers["A"] == "2" && headers["c"] == nil)
    #expect(headers.values("B") == ["1", "3"])
    #expect(headers.map(\.name) == ["B", "a", "b"] && headers.count == 3)
    headers.set("b", "4")
    #expect(headers.map { "\($0.name)=\($0.value)" } == ["a=2", "b=4"])
    headers.remove("A")
    #expect(!headers.contains("a") && headers.count == 1)
    headers.append(contentsOf: ["c": "5"])
    #expect(headers == ["B": "4", "C": "5"] && headers != ["B": "4"])
  }

  @Test("no value can end its line")
  func splitting() {
    let headers: HTTPHeaders = ["X\r\nEvil": "a\r\nSet-Cookie: b\u{0}"]
    #expect(headers.map { "\($0.name)=\($0.value)" } == ["X--Evil=a  Set-Cookie: b "])
  }

  @Test("a value is lent as bytes")
  func bytes() {
    let headers: HTTPHeaders = ["Length": "abc"]
    #expect(headers.withValue(of: "length") { $0.count } == 3)
    #expect(headers.withValue(of: "other") { $0.count } == nil)
  }

  @Test("a request made by hand is parsed as one from the wire")
  func request() throws {
    let request = try HTTPRequest(
      .post, "/a?b=c", headers: ["Host": "x", "Content-Type": "Application/JSON ; charset=utf-8"])
    #expect(request.path == "/a" && request.head.query == "b=c" && request.method == .post)
    #expect(request.hasContentType("application/json") && !request.hasContentType("application/jso"))
    #expect(throws: HTTPParseError.missingHost) { _ = try HTTPRequest(.get, "/", headers: [:]) }
  }
}
