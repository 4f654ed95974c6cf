import Transport

extension ServerConnection {
  /// What the reader of a streamed body gets.
  enum Pull {
    case bytes([UInt8])
    case end
    case wait
    case failed(HTTPStreamError)
  }

  /// Reads on in a head; false when it is not complete.
  func readHead() -> Bool {
    let step: HTTPRequestParser.Step
    do throws(HTTPParseError) {
      step = try connection.input.withBytes { bytes throws(HTTPParseError) in try parser.next(bytes) }
    } catch {
      refuse(Problem(error))
      return true
    }
    connection.input.consume(step.consumed)
    guard case .head(let head) = step.event else { return false }
    begin(head)
    return true
  }

  /// A head is there: finds its route and decides what becomes of the body.
  private func begin(_ head: HTTPRequestHead) {
    let given = head.headers.withValue(of: "X-Request-Id") { RequestID(given: $0) } ?? nil
    let peer = server.options.peer?(head, connection.peer) ?? connection.peer
    var request = HTTPRequest(head: head, id: given ?? .mint(), peer: peer)
    let match = head.withPath { server.router.match(head.method, $0) }
    if case .route(let route, let ranges) = match {
      request.route = route
      request.parameterRanges = ranges
    }
    request.context = server.options.context?(request)
    current = Current(
      request: request, startedAt: EventLoop.now, keepsAlive: head.allowsReuse, owesContinue: head.expectsContinue)
    if let answer = server.options.before?(request) { return answerUnread(answer) }
    switch match {
    case .route(let route, _): accept(route, head)
    case .options(let allow): answerUnread(HTTPResponse(status: .noContent, headers: ["Allow": allow]))
    case .methodNotAllowed(let allow): answerUnread(Problem.methodNotAllowed(head.method, allow: allow))
    case .notFound: answerUnread(Problem.notFound(path: head.path))
    }
  }

  private func accept(_ route: Route, _ head: HTTPRequestHead) {
    guard head.hasBody else {
      readEnd()
      return dispatch(route)
    }
    parser.bodyLimit = route.options.bodyLimit
    if let length = head.contentLength, length > route.options.bodyLimit {
      return answerUnread(Problem.bodyTooLarge(limit: route.options.bodyLimit))
    }
    switch route.options.body {
    case .collected:
      if let length = head.contentLength, length > 0, connection.input.count < length {
        body.reserveCapacity(min(length, Self.drainableBody))
      }
      if connection.input.isEmpty { sendContinue() }
      enter(.body)
    case .streamed:
      let stream = RequestBody(self)
      self.stream = stream
      current?.request.bodyStream = stream
      dispatch(route)
    }
  }

  /// Takes the end of a request without a body from the parser.
  private func readEnd() {
    parser.skipEnd()
    current?.isBodyRead = true
  }

  /// Collects a body, or drops it before a refusal; false when more bytes are needed.
  func readBody() -> Bool {
    let step: HTTPRequestParser.Step
    do throws(HTTPParseError) {
      step = try connection.input.withBytes { bytes throws(HTTPParseError) in
        let step = try parser.next(bytes)
        if case .body(let range) = step.event, current?.refusal == nil {
          bytes.extracting(range).withUnsafeBufferPointer { body.append(contentsOf: $0) }
        }
        return step
      }
    } catch {
      if case .bodyTooLarge = error, let limit = current?.request.route?.options.bodyLimit {
        respond(Problem.bodyTooLarge(limit: limit))
      } else {
        respond(Problem(error))
      }
      return true
    }
    connection.input.consume(step.consumed)
    switch step.event {
    case .body(let range):
      current?.requestBytes += range.count
      if current?.refusal == nil, !takeBudget(range.count) { respond(Problem.busy) }
      return true
    case .end:
      current?.isBodyRead = true
      if let refusal = current?.refusal {
        respond(refusal)
      } else if let route = current?.request.route {
        current?.request.body = body
        body = []
        dispatch(route)
      }
      return true
    case .needsMore, .head: return false
    }
  }

  private func takeBudget(_ count: Int) -> Bool {
    server.bufferedBodyBytes += count
    current?.bufferedBytes += count
    return server.bufferedBodyBytes <= server.options.maxBufferedBodyBytes
  }

  /// The next bytes for the reader of a streamed body.
  func pullBody() -> Pull {
    if isTimingBody {
      isTimingBody = false
      waited = EventLoop.now - since
    }
    if let streamFailure { return .failed(streamFailure) }
    guard current != nil, phase != .closing else { return .failed(.disconnected) }
    if current?.isBodyRead == true { return .end }
    var gathered: [UInt8] = []
    do throws(HTTPParseError) {
      // Small chunks are gathered: one of a byte each would cost a call each.
      while gathered.count < 64 * 1024 {
        let step = try connection.input.withBytes { bytes throws(HTTPParseError) in
          let step = try parser.next(bytes)
          if case .body(let range) = step.event {
            bytes.extracting(range).withUnsafeBufferPointer { gathered.append(contentsOf: $0) }
          }
          return step
        }
        connection.input.consume(step.consumed)
        if case .end = step.event { current?.isBodyRead = true }
        guard case .body = step.event else { break }
      }
    } catch {
      streamFailure = .invalid(error)
      if gathered.isEmpty { return .failed(.invalid(error)) }
    }
    current?.requestBytes += gathered.count
    balanceReading()
    if !gathered.isEmpty { return .bytes(gathered) }
    if current?.isBodyRead == true { return .end }
    if !isPeerSending { return .failed(.disconnected) }
    sendContinue()
    since = EventLoop.now - waited
    isTimingBody = true
    return .wait
  }

  /// Sends `100 Continue` if it is owed.
  func sendContinue() {
    guard current?.owesContinue == true else { return }
    current?.owesContinue = false
    connection.output.append("HTTP/1.1 100 Continue\r\n\r\n")
    connection.flush()
  }

  /// Reads what is left of a body that nobody wants, as far as it is there; whether its end was reached.
  func dropBody() -> Bool {
    if current?.isBodyRead == true { return true }
    // A client that waits for 100 Continue sends no body after a final answer, or does: nobody can tell.
    if current?.owesContinue == true || streamFailure != nil { return false }
    while true {
      let step: HTTPRequestParser.Step
      do throws(HTTPParseError) {
        step = try connection.input.withBytes { bytes throws(HTTPParseError) in try parser.next(bytes) }
      } catch {
        return false
      }
      connection.input.consume(step.consumed)
      switch step.event {
      case .body(let range): current?.requestBytes += range.count
      case .end:
        current?.isBodyRead = true
        return true
      case .needsMore, .head: return false
      }
    }
  }

  // MARK: Answers that do not wait for the body

  private func answerUnread(_ problem: Problem) {
    guard let request = current?.request else { return }
    answerUnread(problem.response(instance: request.path, requestID: request.id))
  }

  /// Answers without the body; a small one is read first, so that the connection can be kept.
  private func answerUnread(_ response: HTTPResponse) {
    guard let head = current?.request.head else { return }
    if !head.hasBody {
      readEnd()
    } else if !head.expectsContinue, let length = head.contentLength, length <= Self.drainableBody {
      parser.bodyLimit = length
      current?.refusal = response
      return enter(.body)
    }
    respond(response)
  }
}

extension Problem {
  static func bodyTooLarge(limit: Int) -> Problem {
    Problem(
      .contentTooLarge, "payload-too-large", "The body is too large",
      detail: "At most \(limit) bytes are taken here; send less, or in parts.")
  }

  static var busy: Problem {
    Problem(
      .unavailable, "busy", "Too many large requests are being read",
      detail: "Send the request again after a moment.", headers: ["Retry-After": "1"])
  }
}
