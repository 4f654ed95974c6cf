import TestSupport
import Testing

@testable import JobCtl

private let second: Int64 = 1_000_000_000

@Suite("How fast a backfill may go")
struct PacingTests {
  @Test("a bucket gives a batch at once, then no more than its rate")
  func bucket() {
    var bucket = TokenBucket(perSecond: 100, capacity: 50, now: 0)
    #expect(bucket.take(50, now: 0) == 0)
    #expect(bucket.take(50, now: 0) == second / 2)
    #expect(bucket.take(50, now: second / 4) == second / 4)
    #expect(bucket.take(50, now: second / 2) == 0)
    // It holds no more than one batch, however long it rested.
    #expect(bucket.take(50, now: 100 * second) == 0)
    #expect(bucket.take(1, now: 100 * second) == second / 100)
    // More than it ever holds counts as all that it holds.
    #expect(bucket.take(5000, now: 200 * second) == 0)
    // A clock that stands gives nothing.
    #expect(bucket.take(50, now: 200 * second) > 0)
  }

  @Test("no random sequence takes more than rate times time and one batch")
  func bound() {
    var random = SeededGenerator()
    for _ in 0..<200 {
      let rate = Double.random(in: 1...5000, using: &random)
      let capacity = Int.random(in: 1...500, using: &random)
      var bucket = TokenBucket(perSecond: rate, capacity: capacity, now: 0)
      var (now, taken): (Int64, Int) = (0, 0)
      for _ in 0..<200 {
        let count = Int.random(in: 1...capacity, using: &random)
        let wait = bucket.take(count, now: now)
        if wait == 0 { taken += count } else { now += wait }
        #expect(Double(taken) <= rate * Double(now) / 1e9 + Double(capacity) + 0.01, "\(random)")
      }
      #expect(taken > 0, "\(random)")
    }
  }

  @Test("a queue is asked before the first batch, and again when it may be full")
  func backlog() {
    var gate = BacklogGate(limit: 100)
    #expect(gate.mayStart(["q": 40], isFresh: false) == .look(queue: "q"))
    gate.saw(30, in: "q")
    #expect(gate.mayStart(["q": 40], isFresh: true) == .send)
    #expect(gate.mayStart(["q": 30], isFresh: false) == .send)
    #expect(gate.mayStart(["q": 1], isFresh: false) == .look(queue: "q"))
    // What was under way during the look may be in the number or not, so it counts once more.
    gate.saw(31, in: "q")
    #expect(gate.mayStart(["q": 1], isFresh: true) == .wait(queue: "q"))
    gate.ended(["q": 40])
    #expect(gate.mayStart(["q": 1], isFresh: false) == .look(queue: "q"))
    gate.ended(["q": 30])
    gate.saw(69, in: "q")
    #expect(gate.mayStart(["q": 1], isFresh: true) == .send)
    gate.ended(["q": 1])
    #expect(gate.mayStart(["q": 1], isFresh: false) == .look(queue: "q"))
    gate.saw(100, in: "q")
    #expect(gate.mayStart(["q": 1], isFresh: true) == .wait(queue: "q"))
    #expect(gate.mayStart(["q": 1], isFresh: false) == .look(queue: "q"))
    gate.saw(60, in: "q")
    #expect(gate.mayStart(["q": 40], isFresh: true) == .send)
  }

  @Test("each queue has its own backlog, and a batch that fits nowhere goes out alone")
  func queues() {
    var gate = BacklogGate(limit: 10)
    #expect(gate.mayStart(["a": 5, "b": 5], isFresh: false) == .look(queue: "a"))
    gate.saw(0, in: "a")
    #expect(gate.mayStart(["a": 5, "b": 5], isFresh: true) == .look(queue: "b"))
    gate.saw(6, in: "b")
    #expect(gate.mayStart(["a": 5, "b": 5], isFresh: true) == .wait(queue: "b"))
    // What was held back counts nowhere.
    #expect(gate.mayStart(["a": 10], isFresh: true) == .send)
    #expect(gate.mayStart([:], isFresh: false) == .send)
    gate.ended(["a": 10])
    #expect(gate.mayStart(["a": 1], isFresh: false) == .look(queue: "a"))
    gate.saw(0, in: "a")
    #expect(gate.mayStart(["a": 500], isFresh: true) == .send)
    #expect(gate.mayStart(["a": 1], isFresh: true) == .wait(queue: "a"))
  }

  @Test(
    "the queue of a job is the one that it names, else its kind's first word",
    arguments: [
      (#"{"kind":"proof.anchor"}"#, "proof"), (#"{"kind":"proof.anchor","queue":"q"}"#, "q"),
      (#"{"queue":3,"kind":"a"}"#, "a"), ("{}", nil), ("nonsense", nil),
    ])
  func queue(job: String, name: String?) { #expect(QueueOfJob.name(bytes(job)) == name) }

  @Test("the mean speed is of the last ten seconds")
  func meter() {
    var meter = RateMeter(now: 0, count: 1000)
    #expect(meter.perSecond(1000, now: 0) == 0)
    #expect(meter.perSecond(1500, now: second) == 500)
    for tick in 1...40 { meter.note(1000 + Double(tick) * 100, now: Int64(tick) * second / 2) }
    #expect(meter.perSecond(5000, now: 20 * second) == 200)
    for tick in 1...30 { meter.note(5000, now: (20 + Int64(tick)) * second) }
    #expect(meter.perSecond(5000, now: 50 * second) == 0)
  }
}
