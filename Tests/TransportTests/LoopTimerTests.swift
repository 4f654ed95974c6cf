import TestSupport
import Testing

@testable import Transport

@Suite("Timers")
struct LoopTimerTests {
  @Test("timers fire in the order of their deadlines, whatever the order of arming")
  func order() async {
    let fired = await withCheckedContinuation { continuation in
      EventLoop.spawn {
        let log = Log()
        for delay in [30, 10, 20, 0] { EventLoop.after(.milliseconds(delay)) { log.values.append(delay) } }
        EventLoop.after(.milliseconds(40)) { continuation.resume(returning: log.values) }
      }
    }
    #expect(fired == [0, 10, 20, 30])
  }

  @Test("a cancelled timer does not fire, and can be armed again")
  func cancel() async {
    let fired = await withCheckedContinuation { continuation in
      EventLoop.spawn {
        let log = Log()
        let dropped = EventLoop.after(.milliseconds(5)) { log.values.append(1) }
        dropped.cancel()
        dropped.cancel()
        let again = LoopTimer { log.values.append(2) }
        again.schedule(after: .milliseconds(1))
        again.schedule(after: .milliseconds(10))
        EventLoop.after(.milliseconds(30)) {
          #expect(!again.isArmed)
          continuation.resume(returning: log.values)
        }
      }
    }
    #expect(fired == [2])
  }

  @Test("sleep ends with an error as soon as its task is cancelled")
  func sleepIsCancellable() async {
    let outcome = await withCheckedContinuation { continuation in
      let task = EventLoop.spawn {
        do {
          try await EventLoop.sleep(for: .seconds(3600))
          continuation.resume(returning: "slept")
        } catch {
          continuation.resume(returning: "cancelled")
        }
      }
      task.cancel()
    }
    #expect(outcome == "cancelled")
  }

  @Test("sleep returns after its time")
  func sleepReturns() async throws {
    let before = ContinuousClock.now
    try await EventLoop.sleep(for: .milliseconds(20))
    #expect(ContinuousClock.now - before >= .milliseconds(19))
  }

  @Test("the heap gives timers back in order through random inserts and removals")
  func heapModel() async {
    let random = SeededGenerator()
    let mismatch = await withCheckedContinuation { continuation in
      EventLoop.spawn { continuation.resume(returning: Self.heapMismatch(random)) }
    }
    #expect(mismatch == nil, "\(random)")
  }

  @EventLoop
  private static func heapMismatch(_ generator: SeededGenerator) -> String? {
    var random = generator
    var armed: [LoopTimer] = []
    for step in 0..<3000 {
      if armed.isEmpty || Int.random(in: 0..<3, using: &random) > 0 {
        let timer = LoopTimer {}
        timer.schedule(after: .seconds(3600 + Int.random(in: 0..<1000, using: &random)))
        armed.append(timer)
      } else {
        let victim = armed.remove(at: Int.random(in: 0..<armed.count, using: &random))
        victim.cancel()
        if victim.isArmed { return "step \(step): still armed" }
      }
      if !armed.allSatisfy(\.isArmed) { return "step \(step): a timer was lost" }
    }
    for timer in armed { timer.cancel() }
    return armed.contains(where: \.isArmed) ? "a timer survived its cancellation" : nil
  }

  @Test(
    "durations become nanoseconds without overflow",
    arguments: [
      (Duration.zero, Int64(0)), (.seconds(-5), 0), (.nanoseconds(1), 1), (.milliseconds(1500), 1_500_000_000),
      (.seconds(Int64.max), .max), (.seconds(9_223_372_036), 9_223_372_036_000_000_000),
    ])
  func clamping(duration: Duration, nanoseconds: Int64) {
    #expect(duration.clampedNanoseconds == nanoseconds)
  }
}

@EventLoop
private final class Log {
  var values: [Int] = []
}
