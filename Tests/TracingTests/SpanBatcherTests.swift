import Service
import TestSupport
import Testing

@testable import Tracing

@Suite("Batches of spans")
struct SpanBatcherTests {
  private static let limits = {
    var limits = SpanBatcher.Limits()
    limits.queue = 5
    limits.batch = 3
    limits.attempts = 3
    return limits
  }()
  private var batcher = SpanBatcher(limits: SpanBatcherTests.limits)

  private mutating func fill(_ numbers: ClosedRange<UInt64>) throws -> [SpanBatcher.Action] {
    try Span.numbered(numbers).map { batcher.add($0) }
  }

  @Test("the first span waits for others, a full batch goes at once")
  mutating func gather() throws {
    #expect(try fill(1...3).map(\.kind) == ["wake 1000", "none", "send 1 2 3"])
    #expect(batcher.waiting == 0)
    #expect(batcher.answered(.accepted(rejected: 0), jitter: 0) == .none)
    #expect(batcher.exported == 3 && batcher.dropped.isEmpty)
  }

  @Test("a batch that is not full goes when its time is over")
  mutating func delay() throws {
    _ = try fill(1...2)
    #expect(batcher.wake().kind == "send 1 2")
    #expect(batcher.wake() == .none, "a timer that was stopped too late")
  }

  @Test("while one batch is on its way others wait, and what is too much is dropped and counted")
  mutating func full() throws {
    _ = try fill(1...3)
    #expect(try fill(4...10).map(\.kind) == Array(repeating: "none", count: 7))
    #expect(batcher.waiting == 5 && batcher.dropped == [.full: 2])
    #expect(batcher.answered(.accepted(rejected: 0), jitter: 0).kind == "send 4 5 6")
    #expect(batcher.answered(.accepted(rejected: 1), jitter: 0).kind == "wake 1000")
    #expect(batcher.exported == 5 && batcher.dropped == [.full: 2, .refused: 1])
  }

  @Test("a receiver that asks for patience gets the same batch again, when it said, and a bounded number of times")
  mutating func retry() throws {
    _ = try fill(1...3)
    #expect(batcher.answered(.tryLater(afterMs: 7000), jitter: 0) == .wake(afterMs: 7000))
    #expect(try fill(4...4).map(\.kind) == ["none"])
    #expect(batcher.wake().kind == "send 1 2 3")
    #expect(batcher.answered(.tryLater(afterMs: nil), jitter: 1) == .wake(afterMs: 2000))
    #expect(batcher.wake().kind == "send 1 2 3")
    #expect(batcher.answered(.tryLater(afterMs: nil), jitter: 0).kind == "wake 1000", "the next one gathers")
    #expect(batcher.dropped == [.unavailable: 3] && batcher.waiting == 1)
  }

  @Test("the wait doubles with each attempt, from its half to its whole, and is bounded")
  func backoff() throws {
    var limits = SpanBatcher.Limits()
    limits.attempts = 100
    for (jitter, range) in [(0.0, 500...15_000), (1.0, 1000...30_000), (-5.0, 500...15_000), (9.0, 1000...30_000)] {
      var batcher = SpanBatcher(limits: limits)
      _ = batcher.add(try .numbered(1))
      _ = batcher.wake()
      var last: Int64 = 0
      for _ in 1..<100 {
        guard case .wake(let wait) = batcher.answered(.tryLater(afterMs: nil), jitter: jitter) else {
          Issue.record("no wait")
          return
        }
        #expect(wait >= last && range.contains(Int(wait)))
        last = wait
        _ = batcher.wake()
      }
      #expect(Int(last) == range.upperBound)
    }
  }

  @Test("what a receiver refuses is dropped, and the next batch goes")
  mutating func refused() throws {
    _ = try fill(1...7)
    #expect(batcher.answered(.refused, jitter: 0).kind == "send 4 5 6")
    #expect(batcher.dropped == [.refused: 3])
  }

  @Test("more rejected than sent counts as all of them")
  mutating func overcount() throws {
    _ = try fill(1...3)
    #expect(batcher.answered(.accepted(rejected: .max), jitter: 0) == .none)
    #expect(batcher.exported == 0 && batcher.dropped == [.refused: 3])
  }

  @Test("a drain sends everything without waiting, then ends")
  mutating func drain() throws {
    _ = try fill(1...7)
    #expect(batcher.drain() == .none, "one is on its way")
    #expect(batcher.answered(.accepted(rejected: 0), jitter: 0).kind == "send 4 5 6")
    #expect(batcher.answered(.accepted(rejected: 0), jitter: 0).kind == "send 7")
    #expect(batcher.answered(.accepted(rejected: 0), jitter: 0) == .finished)
    #expect(batcher.drain() == .finished && batcher.exported == 7)
    #expect(try fill(8...8).map(\.kind) == ["none"])
    #expect(batcher.dropped == [.unavailable: 1])
  }

  @Test("a drain of nothing ends at once, one that gathers or rests sends at once, and then rests a second at most")
  mutating func drains() throws {
    var empty = SpanBatcher()
    #expect(empty.drain() == .finished)
    _ = try fill(1...1)
    #expect(batcher.drain().kind == "send 1")
    var resting = SpanBatcher(limits: Self.limits)
    for span in try Span.numbered(1...3) { _ = resting.add(span) }
    _ = resting.answered(.tryLater(afterMs: 60_000), jitter: 0)
    #expect(resting.drain().kind == "send 1 2 3")
    #expect(resting.answered(.tryLater(afterMs: 1000), jitter: 0) == .wake(afterMs: 1000))
    #expect(resting.wake().kind == "send 1 2 3")
    #expect(resting.answered(.tryLater(afterMs: nil), jitter: 0) == .finished)
    #expect(resting.dropped == [.unavailable: 3])
  }

  @Test("100,000 random events lose no span unaccounted, send no batch twice at once and keep the bounds")
  func model() throws {
    var generator = SeededGenerator()
    let spans = try Span.numbered(1...50)
    for _ in 0..<500 {
      var batcher = SpanBatcher(limits: Self.limits)
      var (added, inFlight, isTimed, isOver) = (0, 0, false, false)
      func check(_ action: SpanBatcher.Action) {
        switch action {
        case .none: break
        case .wake(let wait):
          #expect(inFlight == 0 && wait >= 0, "\(generator)")
          isTimed = true
        case .send(let batch):
          #expect(inFlight == 0 && (1...3).contains(batch.count), "\(generator)")
          inFlight = batch.count
          isTimed = false
        case .finished:
          #expect(inFlight == 0, "\(generator)")
          isOver = true
        }
      }
      for _ in 0..<200 {
        switch generator.next() % 12 {
        case 0..<6:
          added += 1
          check(batcher.add(spans[Int(generator.next() % 50)]))
        case 6, 7: if isTimed { check(batcher.wake()) }
        case 8..<11:
          if inFlight > 0 {
            let answers: [OTLPAnswer] = [
              .accepted(rejected: 0), .accepted(rejected: 2), .refused, .tryLater(afterMs: nil), .tryLater(afterMs: 5),
            ]
            inFlight = 0
            check(batcher.answered(answers[Int(generator.next() % 5)], jitter: 0.5))
          }
        default: if generator.next() % 40 == 0 { check(batcher.drain()) }
        }
        #expect(batcher.waiting <= 5, "\(generator)")
        #expect(isOver || inFlight > 0 || isTimed || batcher.waiting == 0, "nothing would ever send: \(generator)")
      }
      batcher.abandon()
      #expect(added == batcher.exported + batcher.dropped.values.reduce(0, +), "\(generator)")
    }
  }
}

extension SpanBatcher.Action {
  /// The action with the numbers of its spans.
  fileprivate var kind: String {
    switch self {
    case .none: "none"
    case .wake(let wait): "wake \(wait)"
    case .send(let spans): "send " + spans.map { "\($0.context.span)" }.joined(separator: " ")
    case .finished: "finished"
    }
  }
}
