import Transport

/// One connection that has been logged in, and the answers that come over it.
final class BlockingLine {
  private let stream: BlockingStream
  private var decoder: ReplyDecoder
  private var input = ByteBuffer()

  init(_ url: RedisURL, timeout: Duration, limits: RESPLimits) throws(RedisError) {
    guard !url.isTLS else {
      throw .unsupported("the blocking client does not speak TLS: use redis:// or unix:// for it")
    }
    let deadline = ContinuousClock.now.advanced(by: timeout)
    stream = try BlockingStream(to: url.endpoint, deadline: deadline)
    decoder = ReplyDecoder(limits: limits)
    for reply in try exchange(Login.commands(for: url), deadline: deadline) {
      if let error = reply.error { throw RedisError(error) }
    }
  }

  /// Sends all commands, then takes as many answers as there are commands.
  func exchange(_ commands: [RedisCommand], deadline: ContinuousClock.Instant) throws(RedisError) -> [RESPValue] {
    guard !commands.isEmpty else { return [] }
    var bytes: [UInt8] = []
    for command in commands {
      command.encode(into: &bytes)
    }
    try stream.send(bytes, deadline: deadline)
    var replies: [RESPValue] = []
    replies.reserveCapacity(commands.count)
    while replies.count < commands.count {
      replies.append(try receive(deadline: deadline))
    }
    return replies
  }

  private func receive(deadline: ContinuousClock.Instant) throws(RedisError) -> RESPValue {
    while true {
      if let reply = try decode() { return reply }
      try stream.receive(into: &input, deadline: deadline)
    }
  }

  private func decode() throws(RedisError) -> RESPValue? {
    var consumed = 0
    do throws(RESPError) {
      let reply = try input.withBytes { bytes throws(RESPError) in try decoder.decode(bytes, consumed: &consumed) }
      input.consume(consumed)
      return reply
    } catch {
      throw .protocolViolation(error)
    }
  }
}
