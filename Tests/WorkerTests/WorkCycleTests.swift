import Jobs
import TestSupport
import Testing

@testable import Worker

@Suite("Work cycle")
struct WorkCycleTests {
  private var random = SeededGenerator()

  private func cycle(_ order: String = "a", slots: Int = 4) throws -> WorkCycle {
    WorkCycle(order: try QueueOrder(parsing: order), slots: slots)
  }

  private func settlement(_ number: Int, in queue: String = "a") throws -> Settlement {
    let text = String(repeating: "0", count: 26 - "\(number)".count) + "\(number)"
    return Settlement(id: try #require(JobID("\(queue).\(text)")), token: 1, end: .success(Array("{}".utf8)))
  }

  @Test("a new worker claims for all of its slots, and for no more")
  mutating func claimsFreeSlots() throws {
    var cycle = try cycle()
    let turns = cycle.nextTurns(using: &random)
    #expect(turns == [.init(queue: 0, settlements: [], limit: 4, isReclaim: false)])
    #expect(cycle.nextTurns(using: &random).isEmpty)
    #expect(cycle.freeSlots == 0)
    cycle.turnEnded(turns[0], claimed: 3, mayHaveMore: false)
    #expect(cycle.freeSlots == 1)
    #expect(cycle.isIdle)
  }

  @Test("two queues never get more slots together than there are")
  mutating func sharedSlots() throws {
    var cycle = try cycle("a,b", slots: 6)
    let turns = cycle.nextTurns(using: &random)
    #expect(turns.reduce(0) { $0 + $1.limit } == 6)
    #expect(cycle.freeSlots == 0)
  }

  @Test("an empty queue is not asked again until its bell rings")
  mutating func waitsForTheBell() throws {
    var cycle = try cycle()
    let turn = cycle.nextTurns(using: &random)[0]
    cycle.turnEnded(turn, claimed: 0, mayHaveMore: false)
    #expect(cycle.nextTurns(using: &random).isEmpty)
    #expect(cycle.isIdle)
    cycle.jobsMayWait(in: 0)
    #expect(!cycle.isIdle)
    #expect(cycle.nextTurns(using: &random).first?.limit == 4)
  }

  @Test("what ends during a turn is settled by the next, together with a claim for the slots that became free")
  mutating func settlesAndClaims() throws {
    var cycle = try cycle()
    let first = cycle.nextTurns(using: &random)[0]
    cycle.turnEnded(first, claimed: 4, mayHaveMore: true)
    #expect(cycle.nextTurns(using: &random).isEmpty)
    let ended = try (0..<3).map { try settlement($0) }
    for settlement in ended { cycle.jobEnded(in: 0, settlement) }
    #expect(cycle.nextTurns(using: &random) == [.init(queue: 0, settlements: ended, limit: 3, isReclaim: false)])
  }

  @Test("a settling call claims even where the last claim found nothing, for it costs no round trip")
  mutating func claimsAlong() throws {
    var cycle = try cycle()
    let turn = cycle.nextTurns(using: &random)[0]
    cycle.turnEnded(turn, claimed: 1, mayHaveMore: false)
    cycle.jobEnded(in: 0, try settlement(1))
    #expect(cycle.nextTurns(using: &random).first?.limit == 4)
  }

  @Test("no call settles more than Redis should do at once")
  mutating func batchLimit() throws {
    var cycle = try cycle(slots: 200)
    let turn = cycle.nextTurns(using: &random)[0]
    #expect(turn.limit == JobLimits.batchJobs)
    cycle.turnEnded(turn, claimed: 64, mayHaveMore: true)
    for number in 0..<64 { cycle.jobEnded(in: 0, try settlement(number)) }
    let next = cycle.nextTurns(using: &random)[0]
    #expect(next.settlements.count == JobLimits.fusedJobs)
    #expect(next.limit == JobLimits.fusedJobs)
  }

  @Test("after a call that may have arrived its settlements go again, and lost claims are looked for before new ones")
  mutating func lostReply() throws {
    var cycle = try cycle()
    let first = cycle.nextTurns(using: &random)[0]
    cycle.turnEnded(first, claimed: 1, mayHaveMore: true)
    let settlement = try settlement(1)
    cycle.jobEnded(in: 0, settlement)
    let second = cycle.nextTurns(using: &random)[0]
    cycle.turnFailed(second, mayHaveArrived: true)
    cycle.rested(0)
    #expect(!cycle.isDone)
    #expect(cycle.unsettled(in: 0) == [settlement.id])
    let third = cycle.nextTurns(using: &random)[0]
    #expect(third == .init(queue: 0, settlements: [settlement], limit: 0, isReclaim: true))
    cycle.turnEnded(third, claimed: 2, mayHaveMore: false)
    #expect(cycle.running == 2)
    #expect(cycle.nextTurns(using: &random).first?.isReclaim == false)
  }

  @Test("after a call that was never sent nothing is looked for")
  mutating func unsentCall() throws {
    var cycle = try cycle()
    cycle.turnFailed(cycle.nextTurns(using: &random)[0], mayHaveArrived: false)
    cycle.rested(0)
    #expect(cycle.nextTurns(using: &random) == [.init(queue: 0, settlements: [], limit: 4, isReclaim: false)])
  }

  @Test("a queue whose call failed rests, and the others are asked and waited for meanwhile")
  mutating func restingQueue() throws {
    var cycle = try cycle("strict:a,b")
    cycle.turnFailed(cycle.nextTurns(using: &random)[0], mayHaveArrived: false)
    let other = cycle.nextTurns(using: &random)
    #expect(other.map(\.queue) == [1])
    cycle.turnEnded(other[0], claimed: 0, mayHaveMore: false)
    #expect(cycle.nextTurns(using: &random).isEmpty)
    #expect(cycle.isIdle)
    cycle.rested(0)
    #expect(!cycle.isIdle)
    #expect(cycle.nextTurns(using: &random).map(\.queue) == [0])
  }

  @Test("a quiet worker claims nothing and settles what ends")
  mutating func quiet() throws {
    var cycle = try cycle()
    cycle.turnEnded(cycle.nextTurns(using: &random)[0], claimed: 2, mayHaveMore: true)
    cycle.quiet()
    #expect(cycle.nextTurns(using: &random).isEmpty)
    #expect(!cycle.isIdle)
    cycle.jobEnded(in: 0, try settlement(1))
    #expect(cycle.nextTurns(using: &random).first?.limit == 0)
  }

  @Test("a draining worker is done when nothing runs and everything is settled, and does not become quiet again")
  mutating func drains() throws {
    var cycle = try cycle()
    cycle.turnEnded(cycle.nextTurns(using: &random)[0], claimed: 1, mayHaveMore: true)
    cycle.drain()
    cycle.quiet()
    #expect(cycle.mode == .draining)
    #expect(!cycle.isDone && cycle.isSettled)
    cycle.jobEnded(in: 0, try settlement(1))
    #expect(!cycle.isDone && !cycle.isSettled)
    cycle.turnEnded(cycle.nextTurns(using: &random)[0], claimed: 0, mayHaveMore: false)
    #expect(cycle.isDone && cycle.isSettled)
  }

  @Test("an abandoned job is settled at once and keeps its slot until its handler returns")
  mutating func abandoned() throws {
    var cycle = try cycle(slots: 1)
    cycle.turnEnded(cycle.nextTurns(using: &random)[0], claimed: 1, mayHaveMore: true)
    cycle.jobAbandoned(in: 0, try settlement(1))
    let turn = cycle.nextTurns(using: &random)[0]
    #expect(turn.settlements.count == 1 && turn.limit == 0)
    cycle.turnEnded(turn, claimed: 0, mayHaveMore: false)
    #expect(cycle.freeSlots == 0)
    cycle.jobEnded(in: 0, nil)
    #expect(cycle.freeSlots == 1)
  }

  @Test("a strict order asks the second queue only when the first is known to be empty")
  mutating func strict() throws {
    var cycle = try cycle("strict:a,b")
    let first = cycle.nextTurns(using: &random)
    #expect(first.map(\.queue) == [0])
    cycle.turnEnded(first[0], claimed: 1, mayHaveMore: false)
    #expect(cycle.nextTurns(using: &random) == [.init(queue: 1, settlements: [], limit: 3, isReclaim: false)])
  }

  @Test("through random histories slots are never oversubscribed and no settlement is lost or doubled")
  mutating func randomHistory() throws {
    var cycle = try cycle("a:2,b", slots: 7)
    var open: [WorkCycle.Turn] = []
    var runningIn = [0, 0]
    var made: [JobID] = []
    var settled: [JobID] = []
    for step in 0..<4000 {
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1:
        open += cycle.nextTurns(using: &random)
      case 2 where !open.isEmpty:
        let turn = open.remove(at: Int.random(in: 0..<open.count, using: &random))
        if Int.random(in: 0..<6, using: &random) == 0 {
          cycle.turnFailed(turn, mayHaveArrived: Bool.random(using: &random))
          if Bool.random(using: &random) { cycle.rested(turn.queue) }
        } else {
          let claimed = Int.random(in: 0...turn.limit, using: &random)
          runningIn[turn.queue] += claimed
          settled += turn.settlements.map(\.id)
          cycle.turnEnded(turn, claimed: claimed, mayHaveMore: Bool.random(using: &random))
        }
      case 3:
        let queue = Int.random(in: 0...1, using: &random)
        if runningIn[queue] > 0 {
          runningIn[queue] -= 1
          let settlement = try settlement(step, in: queue == 0 ? "a" : "b")
          made.append(settlement.id)
          cycle.jobEnded(in: queue, settlement)
        }
      default:
        if Bool.random(using: &random) { cycle.rested(Int.random(in: 0...1, using: &random)) }
        cycle.jobsMayWait(in: Int.random(in: 0...1, using: &random))
      }
      let asking = open.reduce(0) { $0 + $1.limit }
      #expect(cycle.running + asking <= 7, "step \(step) \(random)")
      #expect(cycle.running == runningIn[0] + runningIn[1], "step \(step) \(random)")
    }
    cycle.drain()
    for queue in 0...1 { cycle.rested(queue) }
    for (queue, count) in runningIn.enumerated() { for _ in 0..<count { cycle.jobEnded(in: queue, nil) } }
    for turn in open {
      settled += turn.settlements.map(\.id)
      cycle.turnEnded(turn, claimed: 0, mayHaveMore: false)
    }
    while !cycle.isDone {
      let turns = cycle.nextTurns(using: &random)
      try #require(!turns.isEmpty, "stuck \(random)")
      for turn in turns {
        settled += turn.settlements.map(\.id)
        cycle.turnEnded(turn, claimed: 0, mayHaveMore: false)
      }
    }
    #expect(settled.sorted { $0.text < $1.text } == made.sorted { $0.text < $1.text }, "\(random)")
  }
}
