#if HiredisPeer
  import CHiredis

  /// hiredis, doing what ours does.
  enum HiredisPeer {
    /// Reads the corpus in pieces, as its own connections do, and frees each reply.
    static func read(_ corpus: ReplyCorpus, piece: Int) throws -> Int {
      guard let reader = redisReaderCreate() else { throw BenchError("hiredis: out of memory") }
      defer { redisReaderFree(reader) }
      var replies = 0
      try corpus.bytes.withUnsafeBufferPointer { bytes in
        try bytes.withMemoryRebound(to: CChar.self) { bytes in
          var start = 0
          while start < bytes.count {
            let count = min(piece, bytes.count - start)
            guard redisReaderFeed(reader, bytes.baseAddress.map { $0 + start }, count) == REDIS_OK else {
              throw BenchError("hiredis refused a piece")
            }
            start += count
            while true {
              var reply: UnsafeMutableRawPointer?
              guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw BenchError("hiredis refused a reply") }
              guard let reply else { break }
              freeReplyObject(reply)
              replies += 1
            }
          }
        }
      }
      guard replies == corpus.replies else { throw BenchError("hiredis read \(replies) of \(corpus.replies) replies") }
      return replies
    }

    /// A blocking connection.
    final class Client: PipelineClient {
      private let context: UnsafeMutablePointer<redisContext>

      init(path: String) throws {
        guard let context = redisConnectUnix(path), context.pointee.err == 0 else {
          throw BenchError("hiredis cannot connect to \(path)")
        }
        self.context = context
      }

      deinit { redisFree(context) }

      func pipeline(_ name: StaticString, _ key: [UInt8], _ value: [UInt8], depth: Int) throws {
        try key.withUnsafeBytes { key in
          try value.withUnsafeBytes { value in
            for _ in 0..<depth { try append(name, key, value) }
          }
        }
        for _ in 0..<depth {
          var reply: UnsafeMutableRawPointer?
          guard redisGetReply(context, &reply) == REDIS_OK, let reply else { throw BenchError("hiredis lost a reply") }
          defer { freeReplyObject(reply) }
          guard reply.assumingMemoryBound(to: redisReply.self).pointee.type != REDIS_REPLY_ERROR else {
            throw BenchError("Redis answered an error to hiredis")
          }
        }
      }

      private func append(_ name: StaticString, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws {
        try withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: 3) { words in
          words[0] = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
          words[1] = key.baseAddress?.assumingMemoryBound(to: CChar.self)
          words[2] = value.baseAddress?.assumingMemoryBound(to: CChar.self)
          try withUnsafeTemporaryAllocation(of: Int.self, capacity: 3) { lengths in
            lengths[0] = name.utf8CodeUnitCount
            lengths[1] = key.count
            lengths[2] = value.count
            guard redisAppendCommandArgv(context, 3, words.baseAddress, lengths.baseAddress) == REDIS_OK else {
              throw BenchError("hiredis refused a command")
            }
          }
        }
      }
    }
  }
#else
  /// hiredis is not in this build.
  enum HiredisPeer {
    static func read(_ corpus: ReplyCorpus, piece: Int) throws -> Int { throw missing }

    final class Client: PipelineClient {
      init(path: String) throws { throw missing }

      func pipeline(_ name: StaticString, _ key: [UInt8], _ value: [UInt8], depth: Int) throws { throw missing }
    }

    private static var missing: BenchError { BenchError("build with --traits HiredisPeer to compare with hiredis") }
  }
#endif
