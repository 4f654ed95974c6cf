import RedisWire
import TestSupport
import Testing

@Suite("RESP fuzz")
struct RESPFuzzTests {
  @Test("100,000 mutated streams never crash the decoder, and say the same however they are cut")
  func mutations() {
    var generator = SeededGenerator()
    let seed = generator.description
    let limits = RESPLimits(depth: 4, elements: 200, bulkBytes: 400, replyBytes: 1_000)
    let vectors = RESPVectors.all.map(\.bytes)
    for _ in 0..<100_000 {
      let stream = vectors[Int.random(in: 0..<vectors.count, using: &generator)]
      let bytes = generator.mutate(stream.count < 100 ? stream : Array(stream.prefix(40)))
      let whole = decode(bytes, limits: limits)
      #if !Hiredis
        let cut = Int.random(in: 0...bytes.count, using: &generator)
        let inPieces = decode(bytes, cuts: [cut], limits: limits)
        if whole.values.description != inPieces.values.description || whole.error?.reason != inPieces.error?.reason
          || whole.error?.offset != inPieces.error?.offset
        {
          Issue.record("\(seed): \(bytes) cut at \(cut): \(whole) and \(inPieces)")
          return
        }
      #endif
    }
  }

  @Test("what the encoder writes is what the decoder reads")
  func roundTrip() {
    var generator = SeededGenerator()
    let seed = generator.description
    for _ in 0..<2_000 {
      let arguments = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
        generator.bytes(Int.random(in: 0...40, using: &generator))
      }
      var command = RedisCommand("X")
      arguments.forEach { command.append($0) }
      var bytes: [UInt8] = []
      command.encode(into: &bytes)
      let expected = RESPValue.array([RESPVectors.bulk("X")] + arguments.map { .bulk($0) })
      #expect(decode(bytes).values == [expected], "\(seed)")
    }
  }
}
