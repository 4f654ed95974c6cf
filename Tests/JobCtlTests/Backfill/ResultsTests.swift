import Foundation
import JSONWire
import TestSupport
import Testing

@testable import JobCtl

private let second: Int64 = 1_000_000_000

@Suite("Results that a backfill collects")
struct ResultsTests {
  private func job(_ line: Int) -> AcceptedJob { AcceptedJob(line: line, id: "q.\(line)") }

  @Test("the oldest job is looked at first, and comes back to the end when it waits")
  func line() throws {
    var queue = ResultQueue()
    queue.add([job(1), job(2)])
    queue.add([job(3)])
    let taken = queue.next(now: 0)
    let first = try #require(taken)
    #expect(first.job.line == 1 && queue.count == 3)
    queue.waits(first)
    let other = queue.next(now: 0)
    let second = try #require(other)
    queue.ended(second)
    #expect(second.job.line == 2 && queue.count == 2)
    let rest = [queue.next(now: 0), queue.next(now: 0), queue.next(now: 0)]
    #expect(rest.map { $0?.job.line } == [3, 1, nil] && queue.count == 2 && queue.nextDue == nil)
  }

  @Test("a job that waits for a time of its own is looked at more and more rarely")
  func sleepers() throws {
    var queue = ResultQueue()
    queue.add([job(1)])
    var now: Int64 = 0
    for delay in [1, 2, 4, 8, 15, 15, 15] {
      let next = queue.next(now: now)
      let look = try #require(next)
      queue.sleeps(look, now: now)
      #expect(queue.nextDue == now + Int64(delay) * second)
      let early = queue.next(now: now + Int64(delay) * second - 1)
      #expect(early == nil && queue.count == 1)
      now += Int64(delay) * second
    }
    // One that is due goes before those that have never been looked at.
    queue.add([job(2)])
    let due = queue.next(now: now)
    #expect(due?.job.line == 1)
  }

  @Test("a random sequence of events loses no job and gives none twice")
  func model() {
    var random = SeededGenerator()
    var queue = ResultQueue()
    var (open, out, ended): (Set<Int>, [ResultQueue.Look], Set<Int>) = ([], [], [])
    var (now, next): (Int64, Int) = (0, 1)
    for _ in 0..<30_000 {
      now += Int64.random(in: 0...second, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0:
        queue.add([job(next)])
        open.insert(next)
        next += 1
      case 1 where !out.isEmpty: queue.waits(out.remove(at: Int.random(in: 0..<out.count, using: &random)))
      case 2 where !out.isEmpty: queue.sleeps(out.removeFirst(), now: now)
      case 3 where !out.isEmpty:
        let look = out.removeLast()
        queue.ended(look)
        #expect(ended.insert(look.job.line).inserted, "\(random)")
        open.remove(look.job.line)
      default:
        guard let look = queue.next(now: now) else { continue }
        #expect(open.contains(look.job.line) && !out.contains { $0.job == look.job }, "\(random)")
        out.append(look)
      }
      #expect(queue.count == open.count, "\(random)")
    }
  }

  @Test("a line of results has the job's end as the API told it, and reads back")
  func lines() throws {
    let done = try JSONDocument(bytes(#"{"state":"succeeded","done":true,"result":{"n": 1.0}}"#)).root
    let line = ResultLine.text(job(7), done)
    #expect(text(line) == #"{"line":7,"id":"q.7","state":"succeeded","result":{"n": 1.0}}"# + "\n")
    let dead = try JSONDocument(bytes(#"{"state":"dead","done":true,"error":{"reason":"poison"}}"#)).root
    let gone = ResultLine.gone(job(8), problem: try JSONDocument(bytes(#"{"status":404}"#)).root)
    #expect(text(gone) == #"{"line":8,"id":"q.8","state":null,"error":{"status":404}}"# + "\n")
    let read = [line, ResultLine.text(job(9), dead), gone].map { ResultLine.read($0) }
    #expect(read.map { $0?.line } == [7, 9, 8] && read.map { $0?.isSuccess } == [true, false, false])
    for wrong in ["", "{}", "{\"line\":0}", "{\"line\":-1}", "x", "{\"line\":99999999999999999}"] {
      #expect(ResultLine.read(bytes(wrong)) == nil)
    }
  }

  @Test("a run goes on with the jobs that have no result, whatever the last life left behind")
  func earlier() throws {
    let folder = try TemporaryFolder()
    let journal = try folder.write("1 q.1\n2 q.2\n3 q.3\n4 q.4\n", to: "ids")
    let whole =
      #"{"line":3,"id":"q.3","state":"succeeded","result":{}}"# + "\n" + #"{"line":1,"id":"q.1","state":"dead"}"# + "\n"
    let results = try folder.write(whole + #"{"line":2,"id":"q."#, to: "results")
    let found = try EarlierResults(results: results, journal: journal, journalBytes: 18)
    #expect(found.open == [job(2)])
    #expect(found.succeeded == 1 && found.others == 1 && found.length == Int64(whole.utf8.count))
    let none = try EarlierResults(results: folder.file("none"), journal: journal, journalBytes: 12)
    #expect(none.open == [job(1), job(2)] && none.length == 0)
    let foreign = try folder.write("not ours\n", to: "foreign")
    #expect(throws: (any Error).self) { try EarlierResults(results: foreign, journal: journal, journalBytes: 6) }
    #expect(throws: (any Error).self) { try EarlierResults(results: results, journal: foreign, journalBytes: 9) }
  }

  @Test("a set of lines holds what was put in")
  func lineSet() {
    var random = SeededGenerator()
    var (set, model): (LineSet, Set<Int>) = (LineSet(), [])
    for _ in 0..<2000 {
      let line = Int.random(in: 0...5000, using: &random)
      set.insert(line)
      model.insert(line)
    }
    #expect((0...6000).allSatisfy { set.contains($0) == model.contains($0) }, "\(random)")
  }
}
