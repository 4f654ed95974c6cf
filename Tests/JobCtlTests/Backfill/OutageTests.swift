import TestSupport
import Testing

@testable import JobCtl

private let second: Int64 = 1_000_000_000

@Suite("When a backfill tries again")
struct OutageTests {
  private func wait(_ verdict: Outage.Verdict, since now: Int64) -> Double? {
    if case .again(let at) = verdict { Double(at - now) / 1e9 } else { nil }
  }

  @Test("waits grow from half a second to fifteen, each spread over its upper half")
  func growth() {
    var least = Outage(patience: .seconds(3600))
    var most = least
    var now = second
    for expected in [0.5, 1, 2, 4, 8, 15, 15, 15] {
      #expect(wait(least.failed(now: now, sentAt: now, retryAfter: nil, jitter: 0), since: now) == expected / 2)
      #expect(wait(most.failed(now: now, sentAt: now, retryAfter: nil, jitter: 1), since: now) == expected)
      now += 20 * second
    }
  }

  @Test("the server's wish is heeded when it is longer")
  func retryAfter() {
    var outage = Outage(patience: .seconds(600))
    #expect(wait(outage.failed(now: second, sentAt: second, retryAfter: .seconds(30), jitter: 0), since: second) == 30)
    #expect(outage.until == 31 * second)
    // A shorter wish of another connection does not undo it.
    let verdict = outage.failed(now: 2 * second, sentAt: 0, retryAfter: .seconds(1), jitter: 0)
    #expect(verdict == .again(at: 31 * second))
  }

  @Test("failures of calls that were under way together count once")
  func together() {
    var outage = Outage(patience: .seconds(600))
    for connection in 0..<8 {
      let now = 10 * second + Int64(connection)
      #expect((wait(outage.failed(now: now, sentAt: second, retryAfter: nil, jitter: 0), since: now) ?? 9) < 0.26)
    }
    #expect(
      wait(outage.failed(now: 11 * second, sentAt: 11 * second, retryAfter: nil, jitter: 0), since: 11 * second) == 0.5)
  }

  @Test("it gives up when nothing went in for as long as it may, or would not")
  func patience() {
    var outage = Outage(patience: .seconds(10))
    var now: Int64 = second
    var verdicts: [Outage.Verdict] = []
    repeat {
      verdicts.append(outage.failed(now: now, sentAt: now, retryAfter: nil, jitter: 1))
      if case .again(let at)? = verdicts.last { now = at }
    } while verdicts.last != .giveUp && verdicts.count < 100
    #expect(verdicts.last == .giveUp && now <= 11 * second && verdicts.count > 3)
    var patient = Outage(patience: .seconds(10))
    #expect(patient.failed(now: 0, sentAt: 0, retryAfter: .seconds(11), jitter: 0) == .giveUp)
  }

  @Test("what goes in ends the outage, and the next begins anew")
  func healed() {
    var outage = Outage(patience: .seconds(10))
    for turn in 0..<20 {
      let now = Int64(turn) * 5 * second
      #expect(wait(outage.failed(now: now, sentAt: now, retryAfter: nil, jitter: 0), since: now) == 0.25)
      #expect(outage.isOpen)
      outage.ended()
      #expect(!outage.isOpen && outage.until == 0)
    }
  }

  @Test("no time or wish overflows")
  func extremes() {
    var outage = Outage(patience: .seconds(Int64.max))
    #expect(outage.failed(now: .max - 1, sentAt: 0, retryAfter: .seconds(Int64.max), jitter: 7) == .again(at: .max))
  }

  @Test("what ends in any order is committed in its own")
  func order() {
    var random = SeededGenerator()
    for _ in 0..<200 {
      var order = CommitOrder<Int>()
      var committed: [Int] = []
      for number in Array(0..<50).shuffled(using: &random) { committed += order.ended(number, number) }
      #expect(committed == Array(0..<50) && order.waiting == 0, "\(random)")
    }
    var order = CommitOrder<String>()
    #expect(order.ended(1, "b").isEmpty && order.waiting == 1)
    #expect(order.ended(0, "a") == ["a", "b"])
  }
}
