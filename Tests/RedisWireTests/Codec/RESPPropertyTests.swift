import TestSupport
import Testing

@testable import RedisWire

@Suite("RESP properties")
struct RESPPropertyTests {
  @Test("random trees come back as they were, in pieces of any size")
  func trees() {
    var generator = SeededGenerator()
    let seed = generator.description
    for _ in 0..<3_000 {
      var expected: [RESPValue] = []
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        #if Hiredis
          let value = RandomValues.value(&generator, depth: 3, isRESP3: false)
          var attributes: SeededGenerator?
        #else
          let value = RandomValues.value(&generator, depth: 3, isRESP3: true)
          var attributes: SeededGenerator? = SeededGenerator(seed: generator.next())
        #endif
        expected.append(value)
        bytes += RandomValues.encode(value, attributes: &attributes)
      }
      let cuts = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
        Int.random(in: 0...bytes.count, using: &generator)
      }
      let decoded = decode(bytes, cuts: cuts.sorted())
      #expect(decoded.values == expected && decoded.error == nil && decoded.rest == 0, "\(seed)")
    }
  }

  @Test("decimal is read as Swift reads it, and more strictly")
  func decimal() {
    var generator = SeededGenerator()
    let seed = generator.description
    for _ in 0..<20_000 {
      let number = Int64(bitPattern: generator.next() >> UInt64.random(in: 0...63, using: &generator))
      let text = Array(String(number).utf8)
      #expect(Int64(decimal: text.span) == number, "\(seed)")
      let mutated = generator.mutate(text)
      guard let read = Int64(decimal: mutated.span) else { continue }
      #expect(Array(String(read).utf8) == mutated, "\(seed): \(mutated) is read as \(read)")
    }
  }
}
