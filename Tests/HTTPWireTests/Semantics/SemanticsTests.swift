import Foundation
import JSONWire
import Testing

@testable import HTTPWire

@Suite struct SemanticsTests {
  @Test("a problem has the members of RFC 9457 and its own")
  func problem() throws {
    var problem = Problem(
      .unprocessable, "invalid-job", "The job is not valid", detail: "1 field is \"wrong\"",
      errors: [FieldProblem("/a", "must be b")], headers: ["Retry-After": "1"])
    problem.add("existing", "q.1")
    problem.add("count", 3)
    let json = String(decoding: problem.json(instance: "/jobs", requestID: .given(Array("r1".utf8))), as: UTF8.self)
    #expect(
      json == #"{"type":"/problems/invalid-job","title":"The job is not valid","status":422,"#
        + #""detail":"1 field is \"wrong\"","instance":"/jobs","request_id":"r1","#
        + #""errors":[{"pointer":"/a","detail":"must be b"}],"existing":"q.1","count":3}"#)
    let response = problem.response()
    #expect(response.status == .unprocessable && response.headers["retry-after"] == "1")
    #expect("\(response.contentType ?? "")" == "application/problem+json")
    #expect("\(problem)" == "422 invalid-job: 1 field is \"wrong\"")
  }

  @Test(
    "preferences are read as RFC 7240 says",
    arguments: [
      (["wait=10"], 10, false), (["respond-async, wait=5"], 5, true), (["WAIT = 7;x=y, foo"], 7, false),
      (["wait=\"8\""], 8, false), (["wait=3", "wait=4, respond-async"], 3, true), (["wait=-1"], nil, false),
      (["wait=1.5, wait=2"], 2, false), (["wait"], nil, false), (["wait=99999999999999999999"], nil, false),
      ([",,;=,"], nil, false), ([], nil, false),
    ] as [([String], Int?, Bool)])
  func prefer(fields: [String], wait: Int?, respondsAsync: Bool) {
    var headers = HTTPHeaders()
    for field in fields { headers.append("Prefer", field) }
    let prefer = Prefer(headers)
    #expect(prefer.waitSeconds == wait && prefer.respondsAsync == respondsAsync)
  }

  @Test(
    "If-None-Match is compared weakly",
    arguments: [
      ("\"v1\"", true), ("W/\"v1\"", true), ("\"v2\"", false), ("\"v2\", \"v1\"", true), ("\"a,b\",W/\"v1\"", true),
      ("*", true), ("v1", false), ("\"v1", false), ("", false), ("\"\"", false), ("W\"v1\"", false),
    ])
  func entityTag(field: String, matches: Bool) {
    #expect(EntityTag("v1").matchesIfNoneMatch(["If-None-Match": field]) == matches)
    #expect(EntityTag("v1", isWeak: true).matchesIfNoneMatch(["If-None-Match": field]) == matches)
  }

  @Test("a tag is written with its quotes")
  func entityTagText() {
    #expect("\(EntityTag("v1"))" == "\"v1\"" && "\(EntityTag("a\"b c", isWeak: true))" == "W/\"a-b-c\"")
    #expect(!EntityTag("v1").matchesIfNoneMatch([:]))
  }

  @Test("dates are written as IMF-fixdate")
  func date() throws {
    #expect(
      String(decoding: HTTPDate.bytes(unixSeconds: 784_111_777), as: UTF8.self) == "Sun, 06 Nov 1994 08:49:37 GMT")
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    for seconds in stride(from: Int64(0), to: 5_000_000_000, by: 86_399 * 97) {
      let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
      #expect(String(decoding: HTTPDate.bytes(unixSeconds: seconds), as: UTF8.self) == expected)
    }
    for extreme in [Int64.min, -1, 0, 253_402_300_799, .max] {
      #expect(HTTPDate.bytes(unixSeconds: extreme).count == 29)
    }
  }

  @Test("request ids are sane or made here")
  func requestID() {
    func given(_ text: String) -> RequestID? { RequestID(given: Array(text.utf8).span) }
    #expect(given("abc-1")?.description == "abc-1")
    #expect(given(String(repeating: "x", count: 128)) != nil && given(String(repeating: "x", count: 129)) == nil)
    for bad in ["", "a b", "a\nb", "\u{e9}", "\u{7F}"] { #expect(given(bad) == nil) }
    let minted = (0..<1_000).map { _ in RequestID.mint().description }
    #expect(Set(minted).count == 1_000 && minted.allSatisfy { $0.utf8.count == 16 && $0.allSatisfy(\.isHexDigit) })
  }

  @Test("methods are read with their case")
  func methods() {
    for method in HTTPMethod.allCases where method != .unknown && method != .connect {
      let target = "/"
      #expect(parse("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n").requests.first?.method == method)
      let small = method.description.lowercased()
      #expect(parse("\(small) \(target) HTTP/1.1\r\nHost: a\r\n\r\n").requests.first?.method == .unknown)
    }
  }
}
