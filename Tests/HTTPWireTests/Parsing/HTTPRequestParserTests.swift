import TestSupport
import Testing

@testable import HTTPWire

@Suite struct HTTPRequestParserTests {
  @Test("a request line and fields are read as they stand")
  func reads() throws {
    let outcome = parse("POST /a/b?x=1 HTTP/1.1\r\nHost: h\r\nX-Y:  v w \r\nContent-Length: 2\r\n\r\nok")
    let request = try #require(outcome.requests.first)
    #expect(outcome.error == nil)
    #expect(request.method == .post && request.path == "/a/b" && request.query == "x=1")
    #expect(request.fields == ["Host=h", "X-Y=v w", "Content-Length=2"])
    #expect(request.body == Array("ok".utf8) && request.isComplete && request.allowsReuse)
  }

  @Test("right requests are read", arguments: goodRequests.indices)
  func readsGood(index: Int) {
    let outcome = parse(goodRequests[index].text)
    #expect(outcome.error == nil, "\(goodRequests[index].name)")
    #expect(!outcome.requests.isEmpty && outcome.requests.allSatisfy(\.isComplete), "\(goodRequests[index].name)")
  }

  @Test("what two readers could understand in two ways is refused", arguments: badRequests.indices)
  func refusesBad(index: Int) {
    let outcome = parse(badRequests[index].text)
    #expect(outcome.error == badRequests[index].error, "\(badRequests[index].name)")
    let complete = outcome.requests.filter(\.isComplete)
    #expect(complete.isEmpty, "\(badRequests[index].name)")
  }

  @Test("the result is the same wherever the bytes are split")
  func splits() {
    for (name, text) in goodRequests.map({ ($0.name, $0.text) }) + badRequests.map({ ($0.name, $0.text) }) {
      let bytes = Array(text.utf8)
      let whole = parse([bytes])
      for split in 1..<max(2, bytes.count) {
        let halves = parse([Array(bytes[..<min(split, bytes.count)]), Array(bytes[min(split, bytes.count)...])])
        #expect(halves == whole, "\(name), split at \(split)")
      }
      #expect(parse(bytes.map { [$0] }) == whole, "\(name), byte by byte")
    }
  }

  @Test("no mutation of a request crashes the parser, and splitting changes nothing")
  func mutations() async {
    var generator = SeededGenerator()
    let seeds = goodRequests.map { Array($0.text.utf8) } + badRequests.map { Array($0.text.utf8) }
    for round in 0..<100_000 {
      // Others wait for this thread.
      if round % 200 == 0 { await Task.yield() }
      let bytes = generator.mutate(seeds[round % seeds.count])
      let whole = parse([bytes])
      if round % 8 == 0, bytes.count > 1 {
        let split = Int.random(in: 1..<bytes.count, using: &generator)
        #expect(parse([Array(bytes[..<split]), Array(bytes[split...])]) == whole, "\(generator) round \(round)")
      }
    }
  }

  @Test("what follows an error is not read")
  func staysFailed() throws {
    var parser = HTTPRequestParser()
    let bad = Array("GET / HTTP/9.9\r\n".utf8)
    let good = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    #expect(throws: HTTPParseError.unsupportedVersion) { _ = try parser.next(bad.span) }
    #expect(throws: HTTPParseError.unsupportedVersion) { _ = try parser.next(good.span) }
  }

  @Test("each limit is met exactly and not passed")
  func limits() {
    var limits = HTTPLimits()
    limits.targetBytes = 10
    limits.fields = 3
    limits.headBytes = 200
    let head = { (target: String, fields: String) in "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" }
    #expect(parse(head("/" + String(repeating: "a", count: 9), ""), limits: limits).error == nil)
    #expect(parse(head("/" + String(repeating: "a", count: 10), ""), limits: limits).error == .targetTooLong)
    #expect(parse("GET /" + String(repeating: "a", count: 90), limits: limits).error == .targetTooLong)
    #expect(parse(head("/", "A: 1\r\nB: 2\r\n"), limits: limits).error == nil)
    #expect(parse(head("/", "A: 1\r\nB: 2\r\nC: 3\r\n"), limits: limits).error == .tooManyFields)
    let room = 200 - head("/", "A: \r\n").utf8.count
    #expect(parse(head("/", "A: " + String(repeating: "x", count: room) + "\r\n"), limits: limits).error == nil)
    let over = head("/", "A: " + String(repeating: "x", count: room + 1) + "\r\n")
    #expect(parse(over, limits: limits).error == .headTooLarge)
    #expect(parse(over.utf8.map { [$0] }, limits: limits).error == .headTooLarge)
  }

  @Test("a body beyond its limit is refused, as soon as its length is told")
  func bodyLimit() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\n"
    #expect(parse(head + "Content-Length: 4\r\n\r\nabcd", bodyLimit: 4).error == nil)
    #expect(parse(head + "Content-Length: 5\r\n\r\n", bodyLimit: 4).error == .bodyTooLarge)
    let chunked = head + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n"
    #expect(parse(chunked + "0\r\n\r\n", bodyLimit: 4).error == nil)
    #expect(parse(chunked + "1\r\ne\r\n0\r\n\r\n", bodyLimit: 4).error == .bodyTooLarge)
  }

  @Test("extensions and trailers are bounded over the whole body")
  func framingLimits() {
    var limits = HTTPLimits()
    limits.extensionBytes = 6
    limits.trailerBytes = 12
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(parse(head + "1;abc\r\nx\r\n1;abc\r\ny\r\n0\r\n\r\n", limits: limits).error == nil)
    #expect(parse(head + "1;abc\r\nx\r\n1;abcd\r\ny\r\n0\r\n\r\n", limits: limits).error == .extensionsTooLong)
    #expect(parse(head + "0\r\nA: 1\r\n\r\n", limits: limits).error == nil)
    #expect(parse(head + "0\r\nA: 1\r\nB: 2\r\n\r\n", limits: limits).error == .trailersTooLong)
  }

  @Test("a head in single bytes costs no more than its length")
  func isLinear() {
    // 16 KiB in single bytes: quadratic work would be 134 million byte steps and not end within the suite's patience.
    let text = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 16_000) + "\r\n\r\n"
    var parser = HTTPRequestParser()
    let bytes = Array(text.utf8)
    var heads = 0
    for count in 1...bytes.count {
      let step = try? parser.next(bytes.span.extracting(0..<count))
      if case .head = step?.event { heads += 1 }
    }
    #expect(heads == 1)
  }

  @Test("every error has a name, a status and a remedy of its own")
  func errors() {
    #expect(Set(HTTPParseError.allCases.map(\.code)).count == HTTPParseError.allCases.count)
    for error in HTTPParseError.allCases {
      #expect((400...505).contains(error.status.code) && !error.description.isEmpty)
    }
  }
}
