import Transport

/// One connection of a server: requests one after the other, each read, handled and answered before the next.
@EventLoop
final class ServerConnection: ConnectionHandler {
  /// Where the connection stands.
  enum Phase {
    /// No byte of a request is there. Next: head, closing.
    case idle
    /// A part of a head is there. Next: body, handling, idle (answered at once), lingering.
    case head
    /// The body is collected, or dropped before a refusal. Next: handling, idle, lingering.
    case body
    /// A handler's task runs. Next: streaming, idle, lingering.
    case handling
    /// A response's producer runs. Next: idle, lingering.
    case streaming
    /// The last answer is written; what still comes is dropped. Next: closing.
    case lingering
    /// The connection is closed, or closes when its output is out. Final.
    case closing
  }

  /// The current request and what is known of its answer.
  struct Current {
    var request: HTTPRequest
    var startedAt: Int64
    var requestBytes = 0
    var responseBytes = 0
    /// 499, as nginx has it, until there is an answer: the client went away before.
    var status = HTTPStatus(499)
    /// Whether the request's last byte has been read.
    var isBodyRead = false
    /// Whether the connection is kept after the answer.
    var keepsAlive: Bool
    /// Whether `100 Continue` is still owed.
    var owesContinue: Bool
    /// The answer that waits for the end of a small body that nobody wants.
    var refusal: HTTPResponse?
    var isChunkedResponse = false
    /// Whether the end of the connection is the end of the body.
    var endsByClosing = false
    /// What this request has of the server's budget for bodies.
    var bufferedBytes = 0
  }

  /// Input beyond this, while a request is handled, stops the reading.
  static let inputHighMark = 256 * 1024
  /// Below this it goes on.
  static let inputLowMark = 64 * 1024
  /// A body up to this is read to its end before a refusal, to keep the connection.
  static let drainableBody = 64 * 1024

  let connection: Connection
  let server: HTTPServer
  var parser: HTTPRequestParser
  var phase = Phase.idle
  var current: Current?
  var body: [UInt8] = []
  var stream: RequestBody?
  var streamFailure: HTTPStreamError?
  var task: Task<Void, Never>?
  /// Raised when the client has taken its bytes, and at the end.
  let drained = WakeSignal()
  /// When the phase began, or the measured window of a body; loop nanoseconds.
  var since: Int64
  var windowBytes = 0
  /// How long the reader of a streamed body has waited in this window; only that is the client's fault.
  var waited: Int64 = 0
  var isTimingBody = false
  var stuckOutput = 0
  var stuckSince: Int64
  var peerEnded = false
  private var isReadingPaused = false
  private var isProcessing = false

  init(_ connection: Connection, server: HTTPServer) {
    self.connection = connection
    self.server = server
    parser = HTTPRequestParser(limits: server.options.limits)
    since = EventLoop.now
    stuckSince = EventLoop.now
  }

  // MARK: Events of the connection

  func connectionReceivedBytes(_ connection: Connection) { process() }

  func connectionReceivedEnd(_ connection: Connection) {
    peerEnded = true
    switch phase {
    case .idle, .head, .body: process()
    case .handling, .streaming:
      // Nearly always the client has gone for good. One that only ended its own side still gets a whole answer.
      task?.cancel()
      stream?.wake()
    case .lingering: close()
    case .closing: break
    }
  }

  func connectionDrained(_ connection: Connection) {
    drained.raise()
    process()
  }

  func connectionClosed(_ connection: Connection, error: TransportError?) {
    phase = .closing
    streamFailure = streamFailure ?? .disconnected
    task?.cancel()
    stream?.wake()
    drained.raise()
    if task == nil { endExchange(isComplete: false) }
    server.remove(self)
  }

  // MARK: The way through the input

  /// Reads requests and answers them until one has to wait for something.
  func process() {
    guard !isProcessing else { return }
    isProcessing = true
    while advance() {}
    isProcessing = false
    balanceReading()
    if peerEnded, phase == .idle || phase == .head || phase == .body { close() }
  }

  /// One step; false when there is nothing to do before the next event.
  private func advance() -> Bool {
    switch phase {
    case .idle, .head:
      if connection.input.isEmpty || connection.isCongested { return false }
      if phase == .idle { enter(.head) }
      return readHead()
    case .body: return readBody()
    case .handling, .streaming:
      stream?.wake()
      return false
    case .lingering:
      connection.input.removeAll()
      return false
    case .closing: return false
    }
  }

  func enter(_ phase: Phase) {
    self.phase = phase
    since = EventLoop.now
    windowBytes = 0
    waited = 0
    isTimingBody = false
  }

  /// Stops reading when a client sends far ahead of what can be handled.
  func balanceReading() {
    let waiting = connection.input.count
    if !isReadingPaused, waiting > Self.inputHighMark {
      isReadingPaused = true
      connection.pauseReading()
    } else if isReadingPaused, waiting <= Self.inputLowMark {
      isReadingPaused = false
      connection.resumeReading()
    }
  }

  // MARK: The end

  /// Closes once everything written is out.
  func close() {
    guard phase != .closing else { return }
    phase = .closing
    connection.closeAfterFlush()
  }

  /// Closes when no request is being read or handled.
  func closeIfIdle() {
    if phase == .idle, connection.input.isEmpty { close() }
  }

  /// Closes now and stops the handler.
  func abort() {
    task?.cancel()
    phase = .closing
    connection.close()
  }
}
