import TestSupport
import Testing

@testable import HTTPWire

private struct Outcome: Equatable {
  var status = 0
  var body: [UInt8] = []
  var isComplete = false
  var allowsReuse = false
  var error: HTTPParseError?
}

private func read(_ pieces: [[UInt8]], toHead: Bool = false) -> Outcome {
  var parser = HTTPResponseParser()
  parser.expect(toHead: toHead)
  var outcome = Outcome()
  var unread: [UInt8] = []
  do throws(HTTPParseError) {
    for piece in pieces {
      unread += piece
      reading: while true {
        let step = try parser.next(unread.span)
        switch step.event {
        case .needsMore:
          unread.removeFirst(step.consumed)
          break reading
        case .head(let head):
          outcome.status = head.status.code
          outcome.allowsReuse = head.allowsReuse
        case .body(let range): outcome.body += unread[range]
        case .end: outcome.isComplete = true
        }
        unread.removeFirst(step.consumed)
        if outcome.isComplete { return outcome }
      }
    }
    try parser.finish()
    outcome.isComplete = true
  } catch {
    outcome.error = error
  }
  return outcome
}

@Suite struct HTTPResponseParserTests {
  private static let vectors: [(text: String, status: Int, body: String, reuse: Bool)] = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true),
    ("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", true),
    ("HTTP/1.1 204 No Content\r\n\r\n", 204, "", true),
    ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, "", true),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\nT: 1\r\n\r\n", 200, "abc", true),
    (
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx",
      201, "x", true
    ),
    ("HTTP/1.1 200 OK\r\n\r\nto the end", 200, "to the end", false),
    ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false),
    ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 200, "x", false),
  ]

  @Test("responses are read, wherever they are split")
  func reads() {
    for (text, status, body, reuse) in Self.vectors {
      let bytes = Array(text.utf8)
      let expected = Outcome(status: status, body: Array(body.utf8), isComplete: true, allowsReuse: reuse)
      #expect(read([bytes]) == expected, "\(text)")
      for split in 1..<bytes.count {
        #expect(read([Array(bytes[..<split]), Array(bytes[split...])]) == expected, "\(text) split at \(split)")
      }
    }
  }

  @Test("an answer to HEAD has no body")
  func head() {
    let outcome = read([Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".utf8)], toHead: true)
    #expect(outcome.isComplete && outcome.body.isEmpty && outcome.allowsReuse)
  }

  @Test(
    "what is no response is refused",
    arguments: [
      "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 20x OK\r\n\r\n", "HTTP/1.1 999 X\r\n\r\n",
      "HTTP/1.1 200OK\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 \u{1}\r\n\r\n",
    ])
  func refuses(text: String) {
    #expect(read([Array(text.utf8)]).error == .malformedStatusLine)
  }

  @Test("an end inside a response is no end")
  func truncated() {
    for text in [
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", "HTTP/1.1 200",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ] {
      #expect(read([Array(text.utf8)]).error == .truncated, "\(text)")
    }
  }

  @Test("bytes after a response that nobody asked for are refused")
  func unasked() throws {
    var parser = HTTPResponseParser()
    #expect(throws: HTTPParseError.malformedStatusLine) { _ = try parser.next([72].span) }
  }

  @Test("no mutation of a response crashes the parser")
  func mutations() async {
    var generator = SeededGenerator()
    for round in 0..<100_000 {
      // Others wait for this thread.
      if round % 200 == 0 { await Task.yield() }
      _ = read([generator.mutate(Array(Self.vectors[round % Self.vectors.count].text.utf8))])
    }
  }
}
