import Glibc
import JSONWire
import Transport

extension ServerConnection {
  /// Whether the client's side of the connection is open.
  var isPeerSending: Bool { !peerEnded }

  /// Whether a streamed response can go on.
  var canWriteStream: Bool { phase == .streaming && connection.isOpen }

  // MARK: Handlers

  /// Runs the handler of a request that is read as far as the handler wants.
  func dispatch(_ route: Route) {
    guard let request = current?.request else { return }
    switch route.handler {
    case .immediate(let handler):
      do {
        respond(try handler(request))
      } catch {
        respond(problem(for: error, request))
      }
    case .async(let handler):
      enter(.handling)
      task = EventLoop.spawn {
        do {
          let response = try await handler(request)
          self.task = nil
          self.respond(response)
        } catch {
          self.task = nil
          self.respond(self.problem(for: error, request))
        }
        self.process()
      }
    }
  }

  private func problem(for error: any Error, _ request: HTTPRequest) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let error as HTTPStreamError: return Problem(error)
    case let error as JSONError: return Problem(error)
    case is CancellationError where phase == .closing || !isPeerSending: return Problem(HTTPStreamError.disconnected)
    default:
      server.options.onError?(error, request)
      return .internalError
    }
  }

  // MARK: Responses

  /// Answers the current request with a problem.
  func respond(_ problem: Problem) {
    guard let request = current?.request else { return }
    respond(problem.response(instance: request.path, requestID: request.id))
  }

  /// Answers the current request.
  func respond(_ answer: HTTPResponse) {
    guard var now = current else { return }
    var response = answer
    server.options.adjust?(now.request, &response)
    now.status = response.status
    guard phase != .closing else {
      current = now
      return endExchange(isComplete: false)
    }
    var producer: HTTPResponse.Producer?
    if case .stream(let body) = response.body, !response.status.forbidsBody { producer = body }
    // A stream may answer while its request is still being read; any other answer comes after it.
    if producer == nil || stream == nil {
      if !dropBody() { now.keepsAlive = false }
      now.isBodyRead = current?.isBodyRead ?? false
      now.requestBytes = current?.requestBytes ?? 0
    }
    // Once the head is out, an interim response would stand inside the body (RFC 9110 section 15.2).
    if producer != nil, stream != nil {
      sendContinue()
      now.owesContinue = false
    }
    if server.isDraining { now.keepsAlive = false }
    let isHead = now.request.method == .head
    let isHTTP10 = now.request.head.isHTTP10
    let framing = framing(of: response, isHTTP10: isHTTP10)
    if case .untilClose = framing {
      now.keepsAlive = false
      now.endsByClosing = true
    }
    if case .chunked = framing { now.isChunkedResponse = true }
    let head = ResponseHead(
      status: response.status, contentType: response.contentType, framing: framing,
      persistence: now.keepsAlive ? (isHTTP10 ? .keepAlive : .implied) : .close)
    head.write(
      into: &connection.output, date: server.dateField, requestID: now.request.id, headers: response.headers)
    if !isHead, !response.status.forbidsBody {
      switch response.body {
      case .bytes(let bytes):
        connection.output.append(bytes)
        now.responseBytes = bytes.count
      case .literal(let text):
        connection.output.append(text)
        now.responseBytes = text.utf8CodeUnitCount
      case .empty, .stream: break
      }
    }
    connection.flush()
    current = now
    if let producer, !isHead { run(producer) } else { endResponse() }
  }

  private func framing(of response: HTTPResponse, isHTTP10: Bool) -> ResponseHead.Framing {
    if response.status.forbidsBody { return .none }
    switch response.body {
    case .empty: return .length(0)
    case .bytes(let bytes): return .length(bytes.count)
    case .literal(let text): return .length(text.utf8CodeUnitCount)
    case .stream: return isHTTP10 ? .untilClose : .chunked
    }
  }

  // MARK: Streams

  private func run(_ producer: @escaping HTTPResponse.Producer) {
    enter(.streaming)
    let writer = ResponseWriter(self)
    task = EventLoop.spawn {
      var failure: (any Error)?
      do { try await producer(writer) } catch { failure = error }
      self.task = nil
      self.endStream(failure)
      self.process()
    }
  }

  func writeStream(_ bytes: [UInt8]) {
    current?.responseBytes += bytes.count
    if current?.isChunkedResponse == true {
      connection.output.appendChunk(bytes.span)
    } else {
      connection.output.append(bytes)
    }
    connection.flush()
  }

  private func endStream(_ failure: (any Error)?) {
    guard let now = current else { return }
    guard phase == .streaming else { return endExchange(isComplete: false) }
    if let failure {
      if !(failure is HTTPStreamError), !(failure is CancellationError) {
        server.options.onError?(failure, now.request)
      }
      // Without its last chunk the client knows that the body is not whole.
      endExchange(isComplete: false)
      return abort()
    }
    if now.isChunkedResponse { connection.output.append("0\r\n\r\n") }
    connection.flush()
    if !dropBody() { current?.keepsAlive = false }
    endResponse()
  }

  // MARK: The end of an exchange

  /// The answer is written: on to the next request, or to the end.
  private func endResponse() {
    guard let now = current else { return }
    endExchange(isComplete: true)
    if now.keepsAlive, !server.isDraining {
      enter(.idle)
    } else if now.endsByClosing || (now.isBodyRead && !now.request.head.allowsReuse) {
      // The client waits for the end, or announced that it sends no more.
      close()
    } else {
      linger()
    }
  }

  /// Reports the exchange and forgets it.
  func endExchange(isComplete: Bool) {
    guard let now = current else { return }
    current = nil
    stream = nil
    streamFailure = nil
    if !body.isEmpty { body = [] }
    server.bufferedBodyBytes -= now.bufferedBytes
    guard let onExchange = server.options.onExchange else { return }
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let elapsed = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) - now.startedAt
    onExchange(
      HTTPExchange(
        method: now.request.method, route: now.request.route?.template, status: now.status,
        duration: .nanoseconds(max(0, elapsed)), requestBytes: now.requestBytes, responseBytes: now.responseBytes,
        requestID: now.request.id, peer: now.request.peer, isComplete: isComplete,
        context: now.request.context))
  }

  /// Answers bytes that are no request; nothing after them can be read.
  func refuse(_ problem: Problem) {
    let id = RequestID.mint()
    let json = problem.json(requestID: id)
    let head = ResponseHead(
      status: problem.status, contentType: "application/problem+json", framing: .length(json.count), persistence: .close
    )
    head.write(into: &connection.output, date: server.dateField, requestID: id, headers: problem.headers)
    connection.output.append(json)
    connection.flush()
    linger()
    server.options.onExchange?(
      HTTPExchange(
        method: .unknown, route: nil, status: problem.status, duration: .zero, requestBytes: 0,
        responseBytes: json.count, requestID: id, peer: connection.peer, isComplete: true, context: nil))
  }

  /// Tells a client beyond the limit of connections so.
  func refuseForLimit() {
    refuse(
      Problem(
        .unavailable, "too-many-connections", "There are too many connections",
        detail: "Try again after a moment.", headers: ["Retry-After": "1"]))
  }

  /// Drops what still comes for a moment: closing with unread bytes would reset the connection, and the reset could
  /// overtake the answer (RFC 9112 section 9.6).
  private func linger() {
    if !isPeerSending { return close() }
    connection.input.removeAll()
    enter(.lingering)
    balanceReading()
  }
}
