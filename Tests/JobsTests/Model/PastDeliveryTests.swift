import TestSupport
import Testing

@testable import Jobs

@Suite("Past deliveries")
struct PastDeliveryTests {
  private func list(_ text: String) -> [PastDelivery] { PastDelivery.list(Array(text.utf8)) }

  @Test("a line tells number, outcome, times, worker and error")
  func whole() throws {
    let delivery = try #require(list("3 failed 1700 1900 host-1 disk: no room on /var\n").first)
    #expect(delivery.number == 3 && delivery.outcome == .failed)
    #expect(delivery.startedMs == 1700 && delivery.endedMs == 1900)
    #expect(delivery.worker == "host-1" && delivery.error == "disk: no room on /var")
  }

  @Test("what is not known is nil")
  func unknown() throws {
    let delivery = try #require(list("1 lost 0 5 - \n").first)
    #expect(delivery.startedMs == nil && delivery.endedMs == 5 && delivery.worker == nil && delivery.error == nil)
    #expect(list("1 released 2 3 w\n").first?.error == nil)
  }

  @Test("every outcome of a delivery is read")
  func outcomes() {
    let text = Outcome.allCases.map { "1 \($0.rawValue) 2 3 w e\n" }.joined()
    #expect(list(text).map(\.outcome) == Outcome.allCases)
  }

  @Test(
    "what is no line is left out, and the others stay",
    arguments: [
      "", "x", "1", "1 failed", "1 failed 2 3", "0 failed 2 3 w e", "-1 failed 2 3 w e", "1 bored 2 3 w e",
      "1e3 failed 2 3 w",
    ])
  func spoilt(_ line: String) {
    #expect(list(line).isEmpty)
    #expect(list("1 failed 2 3 w a\n\(line)\n2 failed 4 5 w b\n").map(\.number) == [1, 2])
  }

  @Test("no bytes make reading trap")
  func noise() {
    var random = SeededGenerator()
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ -> UInt8 in
        let choice = Int.random(in: 0...3, using: &random)
        return choice < 3 ? Array(" \n9".utf8)[choice] : UInt8.random(in: .min ... .max, using: &random)
      }
      #expect(PastDelivery.list(bytes).allSatisfy { $0.number > 0 }, "\(random)")
    }
  }
}
