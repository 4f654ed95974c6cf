#if Hiredis
  import CHiredis

  /// Reads replies in RESP2 with hiredis' reader; the same interface as `RESPDecoder`, to compare with and to fall back on.
  ///
  /// hiredis 0.14 knows no RESP3, nests seven levels deep and keeps a copy of what it is given. Of the limits it keeps to
  /// `replyBytes` alone, and an error names no byte.
  public struct HiredisDecoder: ~Copyable {
    private let reader: UnsafeMutablePointer<redisReader>?
    private let limits: RESPLimits
    private var received = 0
    private var receivedForReply = 0
    private var failure: RESPError?

    /// Makes a decoder for one connection.
    public init(limits: RESPLimits = .default) {
      self.limits = limits
      reader = redisReaderCreate()
      if reader == nil {
        failure = RESPError(reason: .other("hiredis: out of memory"), byte: nil, offset: 0)
      }
    }

    deinit {
      if let reader { redisReaderFree(reader) }
    }

    /// Takes the next reply; all of `input` is consumed at once, so that the calls that follow come with no input until
    /// nil is answered.
    public mutating func decode(_ input: Span<UInt8>, consumed: inout Int) throws(RESPError) -> RESPValue? {
      consumed = 0
      if let failure { throw failure }
      guard let reader else { return nil }
      if !input.isEmpty {
        let status = input.withUnsafeBufferPointer { bytes in
          bytes.withMemoryRebound(to: CChar.self) { redisReaderFeed(reader, $0.baseAddress, $0.count) }
        }
        guard status == REDIS_OK else { throw fail(reader) }
        received += input.count
        receivedForReply += input.count
        consumed = input.count
      }
      var reply: UnsafeMutableRawPointer?
      guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw fail(reader) }
      guard let reply else {
        try checkLimit(receivedForReply)
        return nil
      }
      receivedForReply = 0
      defer { freeReplyObject(reply) }
      var bytes = 0
      let value = Self.value(of: reply.assumingMemoryBound(to: redisReply.self).pointee, bytes: &bytes)
      try checkLimit(bytes)
      return value
    }

    private mutating func checkLimit(_ bytes: Int) throws(RESPError) {
      guard bytes > limits.replyBytes else { return }
      let error = RESPError(reason: .replyLimit(limits.replyBytes), byte: nil, offset: received)
      failure = error
      throw error
    }

    private mutating func fail(_ reader: UnsafeMutablePointer<redisReader>) -> RESPError {
      let text = withUnsafeBytes(of: reader.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      let error = RESPError(reason: .other("hiredis: \(text)"), byte: nil, offset: received)
      failure = error
      return error
    }

    /// hiredis nests at most seven levels deep, so that this recursion is as shallow.
    private static func value(of reply: redisReply, bytes size: inout Int) -> RESPValue {
      size += Int(reply.len)
      return switch reply.type {
      case REDIS_REPLY_STRING: .bulk(Array(bytes(of: reply)))
      case REDIS_REPLY_STATUS: .simple(String(decoding: bytes(of: reply), as: UTF8.self))
      case REDIS_REPLY_ERROR: .error(RedisServerError(line: String(decoding: bytes(of: reply), as: UTF8.self)))
      case REDIS_REPLY_INTEGER: .integer(reply.integer)
      case REDIS_REPLY_ARRAY:
        .array(
          UnsafeBufferPointer(start: reply.element, count: reply.elements).map { element in
            element.map { value(of: $0.pointee, bytes: &size) } ?? .null
          })
      default: .null
      }
    }

    private static func bytes(of reply: redisReply) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len))
    }
  }
#endif
