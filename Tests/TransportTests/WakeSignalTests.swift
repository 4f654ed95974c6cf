import Testing
import Transport

@Suite("Wake signal")
struct WakeSignalTests {
  @Test("a change between the look and the wait ends the wait at once")
  @EventLoop
  func noMissedChange() async {
    let signal = WakeSignal()
    let seen = signal.generation
    signal.raise()
    await signal.wait(after: seen)
    #expect(signal.generation == seen + 1)
  }

  @Test("one change wakes all that wait")
  @EventLoop
  func wakesAll() async {
    let signal = WakeSignal()
    var woken = 0
    let waiters = (0..<20).map { _ in
      EventLoop.spawn {
        await signal.wait(after: 0)
        woken += 1
      }
    }
    await Task.yield()
    signal.raise()
    for waiter in waiters { await waiter.value }
    #expect(woken == 20)
  }

  @Test("a cancelled task waits no longer")
  @EventLoop
  func cancellation() async {
    let signal = WakeSignal()
    let waiter = EventLoop.spawn { await signal.wait(after: 0) }
    waiter.cancel()
    await waiter.value
    #expect(waiter.isCancelled)
  }
}
