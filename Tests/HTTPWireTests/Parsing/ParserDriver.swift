@testable import HTTPWire

/// What a request comes to when it is read to its end.
struct ParsedRequest: Equatable, CustomStringConvertible {
  var method: HTTPMethod
  var path: String
  var query: String
  var fields: [String]
  var body: [UInt8] = []
  var isComplete = false
  var allowsReuse: Bool
  var expectsContinue: Bool
  var isHTTP10: Bool

  init(_ head: HTTPRequestHead) {
    method = head.method
    path = head.path
    query = head.query
    fields = head.headers.map { "\($0.name)=\($0.value)" }
    allowsReuse = head.allowsReuse
    expectsContinue = head.expectsContinue
    isHTTP10 = head.isHTTP10
  }

  var description: String {
    "\(method) \(path)?\(query) \(fields) body:\(String(decoding: body, as: UTF8.self)) complete:\(isComplete)"
  }
}

/// What a stream of bytes comes to.
struct ParseOutcome: Equatable {
  var requests: [ParsedRequest] = []
  var error: HTTPParseError?
}

/// Feeds `pieces` as a connection would: unread bytes stay, consumed ones go.
func parse(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits(), bodyLimit: Int = .max) -> ParseOutcome {
  var parser = HTTPRequestParser(limits: limits)
  var outcome = ParseOutcome()
  var unread: [UInt8] = []
  for piece in pieces {
    unread += piece
    do throws(HTTPParseError) {
      reading: while true {
        let step = try parser.next(unread.span)
        switch step.event {
        case .needsMore:
          unread.removeFirst(step.consumed)
          break reading
        case .head(let head):
          parser.bodyLimit = bodyLimit
          outcome.requests.append(ParsedRequest(head))
        case .body(let range): outcome.requests[outcome.requests.count - 1].body += unread[range]
        case .end: outcome.requests[outcome.requests.count - 1].isComplete = true
        }
        unread.removeFirst(step.consumed)
      }
    } catch {
      outcome.error = error
      return outcome
    }
  }
  return outcome
}

func parse(_ text: String, limits: HTTPLimits = HTTPLimits(), bodyLimit: Int = .max) -> ParseOutcome {
  parse([Array(text.utf8)], limits: limits, bodyLimit: bodyLimit)
}
