import JSONWire
import RedisWire
import Transport

/// Replies a second of our decoder and of hiredis' reader, which take the same bytes in the same pieces, in turns.
enum ParserBench {
  /// What one read of a socket brings when a pipeline is busy.
  private static let piece = 16 << 10

  static func run(_ arguments: Arguments) throws {
    let rounds = try arguments.int("rounds", default: 3)
    let seconds = try arguments.seconds("seconds", default: 0.5)
    let corpus = ReplyCorpus(size: 4 << 20)
    var ours: [Double] = []
    var peer: [Double] = []
    // One more round than asked for: the first warms up and is dropped.
    for round in 0...rounds {
      let own = try Stopwatch.perCPUSecond(for: seconds) { try read(corpus) }
      let other = try Stopwatch.perCPUSecond(for: seconds) { try HiredisPeer.read(corpus, piece: piece) }
      if round == 0 { continue }
      ours.append(own)
      peer.append(other)
    }
    Report.write { report in
      report.field("ours", ours)
      report.field("peer", peer)
      report.field("replies", corpus.replies)
      report.field("bytes", corpus.bytes.count)
    }
  }

  private static func read(_ corpus: ReplyCorpus) throws -> Int {
    var decoder = RESPDecoder()
    var input = ByteBuffer()
    var replies = 0
    var start = 0
    while start < corpus.bytes.count {
      let end = min(start + piece, corpus.bytes.count)
      input.append(corpus.bytes[start..<end])
      start = end
      while true {
        var consumed = 0
        let reply = try input.withBytes { bytes throws(RESPError) in try decoder.decode(bytes, consumed: &consumed) }
        input.consume(consumed)
        if reply == nil { break }
        replies += 1
      }
    }
    guard replies == corpus.replies else {
      throw BenchError("our decoder read \(replies) of \(corpus.replies) replies")
    }
    return replies
  }
}
