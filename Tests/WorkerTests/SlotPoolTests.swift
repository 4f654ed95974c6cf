import Glibc
import Synchronization
import Testing

@testable import Worker

@Suite("Slots")
struct SlotPoolTests {
  @Test("a job runs on a slot's thread and stays there across an await")
  func staysOnSlots() async {
    let pool = SlotPool(slots: 1)
    let (before, after) = await Task(executorPreference: pool) {
      let before = pthread_self()
      await Task.yield()
      return (before, pthread_self())
    }.value
    #expect(before == after)
    #expect(before != pthread_self())
  }

  @Test("as many jobs run at once as there are slots, while none of them yields")
  func parallel() async {
    let slots = 8
    let pool = SlotPool(slots: slots)
    let meeting = Tally()
    // Each spins until all have come: with fewer threads this would never end.
    await withTaskGroup { group in
      for _ in 0..<slots {
        group.addTask(executorPreference: pool) {
          meeting.add()
          while meeting.value < slots { sched_yield() }
        }
      }
    }
    #expect(meeting.value == slots)
  }

  @Test("no work is forgotten, however the threads fall asleep and wake")
  func noLostWork() async {
    let pool = SlotPool(slots: 3)
    let done = Tally()
    for round in 0..<300 {
      await withTaskGroup { group in
        for _ in 0..<(round % 40) {
          group.addTask(executorPreference: pool) {
            if round % 7 == 0 { await Task.yield() }
            done.add()
          }
        }
      }
    }
    #expect(done.value == (0..<300).reduce(0) { $0 + $1 % 40 })
  }
}

private final class Tally: Sendable {
  private let count = Atomic<Int>(0)
  func add() { count.add(1, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}
