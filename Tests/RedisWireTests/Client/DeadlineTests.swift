import TestSupport
import Testing
import Transport

@testable import RedisWire

@Suite("Deadlines")
struct DeadlineTests {
  @Test("a wait in nanoseconds never wraps")
  func nanoseconds() async {
    let longest = Duration(secondsComponent: .max, attosecondsComponent: 999_999_999_999_999_999)
    let waits: [(Duration, Int64)] = [
      (.zero, 0), (.nanoseconds(1), 1), (.seconds(2), 2_000_000_000), (.seconds(-1), 0), (longest, .max),
      (.seconds(Int64.min), 0), (.nanoseconds(-1), 0), (.milliseconds(1), 1_000_000),
    ]
    for (wait, expected) in waits {
      #expect(await DeadlineTimer.nanoseconds(wait) == expected, "\(wait)")
    }
    #expect(await DeadlineTimer.deadline(in: .max) == .max)
    let now = await EventLoop.now
    #expect(await DeadlineTimer.deadline(in: 5) >= now + 5)
  }

  @Test("one sweep takes place for many waits, at the earliest of them")
  func earliest() async throws {
    let sweeps = Recorder<Int64>()
    let timer = await DeadlineTimer { sweeps.append($0) }
    let first = await addAll(to: timer)
    try await eventually("a sweep") { await sweeps.values.count == 1 }
    #expect(await sweeps.values[0] >= first)
    await timer.add(first)
    try await eventually("a sweep for what is late already") { await sweeps.values.count == 2 }
  }

  /// In one piece on the loop, so that no sweep comes in between.
  @EventLoop
  private func addAll(to timer: DeadlineTimer) -> Int64 {
    let first = EventLoop.now + 1_000_000
    for deadline in [Int64.max, first + 3_600_000_000_000, first, first + 1_000] {
      timer.add(deadline)
    }
    return first
  }

  @Test("the first end of a command counts")
  func firstEnd() async {
    let ends = Recorder<Int64?>()
    let pending = await PendingCommand(
      RedisCommand("PING"), deadline: .max,
      waiter: .callback { result in
        if case .success(let value) = result { ends.append(value.int) } else { ends.append(nil) }
      })
    #expect(await !pending.isOver)
    await pending.finish(.success(.integer(1)))
    await pending.finish(.success(.integer(2)))
    await pending.finish(.failure(.timeout(sent: true)))
    #expect(await pending.isOver)
    #expect(await pending.command == nil)
    #expect(await ends.values == [1])
  }
}
