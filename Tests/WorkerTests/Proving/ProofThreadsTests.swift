import Glibc
import Proofs
import Synchronization
import Testing

@testable import Worker

@Suite("Threads of a proof")
struct ProofThreadsTests {
  @Test("every part is done once, for more and fewer parts than threads", arguments: [0, 1, 2, 7, 1000])
  func parts(count: Int) {
    let done = Mutex([Int](repeating: 0, count: count))
    ProofThreads.run(count, threads: 4) { part in done.withLock { $0[part] += 1 } }
    #expect(done.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  @Test("the work ends while a thread that was to help still waits for a processor, and that thread does nothing")
  func lateThreads() {
    let sum = Atomic<Int>(0)
    for _ in 0..<300 {
      let calls = Atomic<Int>(0)
      ProofThreads.run(3, threads: 16) { part in
        calls.add(1, ordering: .relaxed)
        sum.add(part, ordering: .relaxed)
      }
      #expect(calls.load(ordering: .relaxed) == 3)
    }
    #expect(sum.load(ordering: .relaxed) == 900)
  }

  @Test("parts run on several threads at once")
  func parallel() {
    let here = Atomic<Int>(0)
    // Each part waits for the other one: on one thread this would never end.
    ProofThreads.run(2, threads: 2) { _ in
      here.add(1, ordering: .acquiringAndReleasing)
      while here.load(ordering: .acquiring) < 2 {}
    }
    #expect(here.load(ordering: .acquiring) == 2)
  }

  @Test("a proof gets what is idle, and a busy worker gives it one thread")
  func widths() throws {
    let load = SlotLoad(slots: 4)
    func width() throws -> Int { try ProofThreads.shared(load) { sharing throws(ProofsError) in sharing.width } }
    load.began()
    #expect(try width() == 4)
    load.began()
    #expect(try width() == 3)
    load.began()
    load.began()
    #expect(try width() == 1)
    load.ended()
    #expect(try width() == 2)
  }

  @Test("what is lent is lent once, and comes back also when the proof fails")
  func loans() throws {
    let load = SlotLoad(slots: 4)
    load.began()
    try ProofThreads.shared(load) { sharing throws(ProofsError) in
      #expect(sharing.width == 4)
      load.began()
      #expect(load.borrow(most: 4) == 0)
      load.ended()
    }
    #expect(throws: ProofsError.stopped) {
      try ProofThreads.shared(load) { _ throws(ProofsError) -> Int in throw .stopped }
    }
    #expect(load.borrow(most: 2) == 2)
    #expect(load.borrow(most: 2) == 1)
    load.giveBack(3)
    #expect(load.borrow(most: 9) == 3)
  }

  @Test("borrowing from many threads never lends more than there is")
  func contention() {
    let load = SlotLoad(slots: 9)
    load.began()
    let lent = Atomic<Int>(0)
    ProofThreads.run(4, threads: 4) { _ in
      for _ in 0..<2000 {
        let got = load.borrow(most: 3)
        let now = lent.add(got, ordering: .acquiringAndReleasing).newValue
        #expect(now <= 8)
        lent.subtract(got, ordering: .acquiringAndReleasing)
        load.giveBack(got)
      }
    }
    #expect(load.borrow(most: 100) == 8)
  }
}
