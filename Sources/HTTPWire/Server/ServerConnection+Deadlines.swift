import Transport

extension ServerConnection {
  /// Looks at the clock on behalf of a client that does nothing; `late` is how long the loop stood still itself.
  func checkDeadlines(_ now: Int64, late: Int64) {
    let options = server.options
    since += late
    stuckSince += late
    let pending = connection.output.count
    if pending == 0 || pending != stuckOutput {
      stuckOutput = pending
      stuckSince = now
    } else if now - stuckSince > options.writeTimeout.nanoseconds {
      return abort()
    }
    switch phase {
    case .idle:
      if now - since > options.idleTimeout.nanoseconds { close() }
    case .head:
      if now - since > options.headTimeout.nanoseconds { refuse(Problem(HTTPStreamError.timedOut)) }
    case .body:
      if isBodyTooSlow(now) { respond(Problem(HTTPStreamError.timedOut)) }
    case .handling, .streaming:
      if isTimingBody, isBodyTooSlow(now) {
        streamFailure = .timedOut
        stream?.wake()
      }
    case .lingering:
      // The clock runs once the answer is out; a slow reader is `writeTimeout`'s business.
      if pending > 0 { since = now }
      if now - since > options.lingerTimeout.nanoseconds { close() }
    case .closing: break
    }
  }

  private func isBodyTooSlow(_ now: Int64) -> Bool {
    let window = server.options.bodyWindow.nanoseconds
    guard let current, now - since > window, current.request.route?.options.demandsProgress ?? true else {
      return false
    }
    let (wanted, overflow) = (window / 1_000_000).multipliedReportingOverflow(
      by: Int64(server.options.bodyBytesPerSecond))
    if overflow || Int64(current.requestBytes - windowBytes) < max(1, wanted / 1_000) { return true }
    since = now
    windowBytes = current.requestBytes
    return false
  }
}
