import Testing

@testable import Producer

@Suite("The ids of events") struct EventPositionTests {
  @Test(
    "are read back as they were written",
    arguments: [(0, 0), (1, 7), (UInt64.max, UInt64.max), (0xAB, 1_000_000)] as [(UInt64, UInt64)])
  func text(epoch: UInt64, number: UInt64) {
    let position = EventPosition(epoch: epoch, number: number)
    #expect(EventPosition("\(position)") == position)
    #expect("\(position)".utf8.count <= 37)
  }

  @Test(
    "any other text is none",
    arguments: [
      "", "0", "-", "0-0", "00000000000000ab", "00000000000000ab-", "-5", "00000000000000ab--5", "00000000000000ab-+5",
      "00000000000000AB-5", "00000000000000ab-05", "00000000000000ab-5 ", "00000000000000ab-5-6",
      "00000000000000ab-18446744073709551616", "10000000000000000ab-5", "00000000000000ab-5.sha256",
      "00000000000000ab-\u{0665}", "+0000000000000ab-5", String(repeating: "0", count: 5000) + "-1",
    ])
  func other(text: String) {
    #expect(EventPosition(text) == nil)
  }
}
