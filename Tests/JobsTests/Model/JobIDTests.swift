import TestSupport
import Testing

@testable import Jobs

@Suite("Ids and names")
struct JobIDTests {
  static let ulid = "01ARZ3NDEKTSV4RRFFQ69G5FAV"

  @Test(
    "an id is a queue, a dot and a ULID in upper case",
    arguments: ["proof", "a", "a_b-9", String(repeating: "q", count: 64)])
  func accepts(_ queue: String) throws {
    let id = try #require(JobID("\(queue).\(Self.ulid)"))
    #expect(id.queue.text == queue && id.text == "\(queue).\(Self.ulid)" && id.description == id.text)
    #expect(JobID(bytes: Array(id.text.utf8)) == id)
    #expect(id.mintedMs == 1_469_922_850_259)
  }

  @Test(
    "nothing else is an id",
    arguments: [
      "", ".", ulid, ".\(ulid)", "proof.", "proof\(ulid)", "proof.\(ulid)0", "proof.\(ulid.dropLast())",
      "proof.\(ulid.lowercased())", "Proof.\(ulid)", "pro of.\(ulid)", "proof.8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
      "proof.01ARZ3NDEKTSV4RRFFQ69G5FAI", "proof.01ARZ3NDEKTSV4RRFFQ69G5FAL", "proof.01ARZ3NDEKTSV4RRFFQ69G5FAO",
      "proof.01ARZ3NDEKTSV4RRFFQ69G5FAU", "{proof}.\(ulid)", "proof.01ARZ3NDEKTSV4RRFFQ69G5F\u{c4}", "a.b.\(ulid)",
      "\(String(repeating: "q", count: 65)).\(ulid)", "proof.\(ulid)\n", "proof.\(ulid)\0", "pröof.\(ulid)",
    ])
  func refuses(_ text: String) { #expect(JobID(text) == nil) }

  @Test("bytes that are not UTF-8 are no id")
  func refusesBytes() { #expect(JobID(bytes: [0xFF, 0x2E] + Array(Self.ulid.utf8)) == nil) }

  @Test("every mutation of an id is refused or reads back as itself")
  func mutations() {
    var random = SeededGenerator()
    let id = Array("proof.\(Self.ulid)".utf8)
    for _ in 0..<100_000 {
      let bytes = random.mutate(id)
      if let read = JobID(bytes: bytes) { #expect(Array(read.text.utf8) == bytes, "\(random)") }
    }
  }

  @Test("minted ids ascend within a millisecond and when the clock steps back")
  func ascends() {
    var random = SeededGenerator()
    var minter = JobIDMinter()
    var last = minter.mint(.proof, nowMs: 5000, using: &random)
    for step in 0..<10_000 {
      let id = minter.mint(.proof, nowMs: step == 5000 ? 6000 : Int64(4000 + step % 3), using: &random)
      #expect(id > last, "\(random)")
      #expect(JobID(id.text) == id)
      last = id
    }
    #expect(last.mintedMs == 6000)
  }

  @Test("the random part carries over, and past its end the next millisecond begins")
  func carries() {
    let end = ULID(milliseconds: 7, random: 0, .max)
    #expect(end.successor == ULID(milliseconds: 7, random: 1, 0))
    #expect(ULID(milliseconds: 7, random: .max, .max).successor == nil)
    var full = AllOnes()
    var minter = JobIDMinter()
    let first = minter.mint(.proof, nowMs: 7, using: &full)
    let second = minter.mint(.proof, nowMs: 7, using: &full)
    #expect(first.mintedMs == 7 && second.mintedMs == 8)
  }

  @Test("times that 48 bits do not hold are clamped", arguments: [Int64.min, -1, 0, 1 << 48, Int64.max])
  func clamps(_ time: Int64) {
    var random = SeededGenerator()
    var minter = JobIDMinter()
    let id = minter.mint(.proof, nowMs: time, using: &random)
    #expect(JobID(id.text) == id && id.mintedMs == min(max(time, 0), 1 << 48 - 1))
    #expect(JobID(minter.mint(.proof, nowMs: time, using: &random).text) != nil)
  }

  @Test("a nonce is 14 digits of the alphabet")
  func nonce() {
    var random = SeededGenerator()
    let nonce = JobIDMinter.nonce(using: &random)
    #expect(nonce.count == 14 && JobID("proof.0000000000" + String(decoding: nonce, as: UTF8.self) + "00") != nil)
  }

  @Test("ids minted now are new and of this time")
  func now() {
    var minter = JobIDMinter()
    let ids = (0..<1000).map { _ in minter.mint(.memory) }
    #expect(Set(ids).count == 1000 && ids == ids.sorted() && ids[0].mintedMs > 1_700_000_000_000)
  }

  private struct AllOnes: RandomNumberGenerator {
    func next() -> UInt64 { .max }
  }
}
