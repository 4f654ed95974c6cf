import Transport

/// One connection that has been logged in, and the answers that come over it.
final class BlockingLine {
  private var stream: BlockingStream
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
    bytes.reserveCapacity(commands.reduce(0) { $0 + $1.encodedCount })
    for index in commands.indices {
      commands[index].encode(into: &bytes)
    }
    try stream.send(bytes, deadline: deadline)
    return try Self.receive(commands.count, from: &stream, &input, &decoder, deadline: deadline)
  }

  // What belongs to the connection comes as arguments, so that access to it is checked once and not for each answer.
  private static func receive(
    _ count: Int, from stream: inout BlockingStream, _ input: inout ByteBuffer, _ decoder: inout ReplyDecoder,
    deadline: ContinuousClock.Instant
  ) throws(RedisError) -> [RESPValue] {
    var replies: [RESPValue] = []
    replies.reserveCapacity(count)
    while true {
      try decode(&input, &decoder, upTo: count, into: &replies)
      if replies.count == count { return replies }
      try stream.receive(into: &input, deadline: deadline)
    }
  }

  /// Takes the answers that are there, until there are `count`.
  private static func decode(
    _ input: inout ByteBuffer, _ decoder: inout ReplyDecoder, upTo count: Int, into replies: inout [RESPValue]
  ) throws(RedisError) {
    var position = 0
    do throws(RESPError) {
      try input.withBytes { bytes throws(RESPError) in
        while replies.count < count {
          var consumed = 0
          let reply = try decoder.decode(bytes.extracting(position...), consumed: &consumed)
          position += consumed
          guard let reply else { return }
          replies.append(reply)
        }
      }
    } catch {
      throw .protocolViolation(error)
    }
    input.consume(position)
  }
}
