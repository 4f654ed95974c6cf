import Testing

@testable import Sealing

@Suite("A hash of bytes that come bit by bit")
struct RunningDigestTests {
  @Test("is that of the whole, however it is cut", arguments: Digest.allCases)
  func cuts(_ digest: Digest) throws {
    let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let whole = try digest.hash(message)
    for step in [1, 3, 64, 127, 999, 1000] {
      var running = try RunningDigest(digest)
      var rest = message[...]
      while !rest.isEmpty {
        let piece = Array(rest.prefix(step))
        rest = rest.dropFirst(step)
        try running.update(piece)
      }
      let hash = try running.finish()
      #expect(hash == whole, "in pieces of \(step)")
    }
    let empty = try RunningDigest(digest).finish()
    let nothing = try digest.hash([])
    #expect(empty == nothing)
  }
}
