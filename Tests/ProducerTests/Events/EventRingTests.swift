import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("What was heard, for those who come back") struct EventRingTests {
  private static let proof = QueueName("proof")
  private static let memory = QueueName("memory")

  private static func event(_ queue: String, _ number: Int) throws -> JobEvent {
    let digits = String(number)
    let text = "\(queue)." + String(repeating: "0", count: 26 - digits.count) + digits
    return JobEvent(id: try #require(JobID(text)), state: .ready)
  }

  /// A ring that hears both queues.
  private static func ring(capacity: Int = 8) throws -> (EventRing, QueueName, QueueName) {
    var ring = EventRing(capacity: capacity)
    let (first, second) = (try #require(proof), try #require(memory))
    ring.begin(first)
    ring.begin(second)
    return (ring, first, second)
  }

  @Test("tells all changes after a number, in order, of the queues that are asked for")
  func changes() throws {
    var (ring, proof, memory) = try Self.ring()
    let start = ring.last
    let entries = try (1...6).flatMap { ring.add([try Self.event($0.isMultiple(of: 2) ? "memory" : "proof", $0)]) }
    #expect(ring.changes(after: start, of: [proof, memory]) == entries)
    #expect(ring.changes(after: start, of: [proof]) == entries.filter { $0.event.id.queue == proof })
    #expect(ring.changes(after: entries[3].number, of: [proof, memory]) == Array(entries[4...]))
    #expect(ring.changes(after: ring.last, of: [proof, memory]) == [])
    #expect(ring.changes(after: start, of: []) == [])
  }

  @Test("a number that was never given is no place to go on from")
  func future() throws {
    let (ring, proof, _) = try Self.ring()
    #expect(ring.changes(after: ring.last + 1, of: [proof]) == nil)
    #expect(ring.changes(after: .max, of: [proof]) == nil)
  }

  @Test("keeps the newest; who stands before what was dropped is told that something is missing")
  func full() throws {
    var (ring, proof, memory) = try Self.ring(capacity: 4)
    let start = ring.last
    let entries = try (1...10).flatMap { ring.add([try Self.event("proof", $0)]) }
    #expect(ring.count == 4)
    #expect(ring.changes(after: start, of: [proof]) == nil)
    #expect(ring.changes(after: entries[4].number, of: [proof]) == nil)
    #expect(ring.changes(after: entries[5].number, of: [proof]) == Array(entries[6...]))
    // What was dropped may have been the other queue's: nobody knows any more.
    #expect(ring.changes(after: start, of: [memory]) == nil)
  }

  @Test("a queue that was not heard all the while leaves a gap, others do not")
  func hearing() throws {
    var (ring, proof, memory) = try Self.ring()
    let start = ring.last
    ring.end(memory)
    _ = ring.add([try Self.event("proof", 1)])
    #expect(!ring.isHearing(memory) && ring.isHearing(proof))
    #expect(ring.changes(after: start, of: [memory]) == nil)
    #expect(ring.changes(after: start, of: [proof, memory]) == nil)
    #expect(ring.changes(after: start, of: [proof])?.count == 1)
    ring.begin(memory)
    #expect(ring.changes(after: start, of: [memory]) == nil)
    #expect(ring.changes(after: ring.last, of: [memory]) == [])
  }

  @Test("a number from before a queue was heard is a gap, even when nothing was heard in between")
  func beginning() throws {
    var ring = EventRing()
    let proof = try #require(Self.proof)
    let before = ring.last
    ring.begin(proof)
    #expect(ring.changes(after: before, of: [proof]) == nil)
  }

  @Test("a lost connection is a gap for all who stood before it")
  func interruption() throws {
    var (ring, proof, memory) = try Self.ring()
    let before = ring.add([try Self.event("proof", 1)]).map(\.number)
    ring.interrupt()
    #expect(ring.changes(after: try #require(before.last), of: [proof]) == nil)
    #expect(ring.changes(after: ring.last, of: [proof, memory]) == [])
    let after = ring.add([try Self.event("memory", 2)])
    #expect(ring.changes(after: after[0].number - 1, of: [proof, memory]) == after)
  }

  @Test("whatever happens, an answer is exactly what happened, or none: seeded")
  func model() throws {
    var random = SeededGenerator()
    for _ in 0..<300 {
      var ring = EventRing(capacity: Int.random(in: 1...6, using: &random))
      let names = ["a", "b", "c"]
      var history: [(number: UInt64, entry: EventRing.Entry?, lost: Set<String>)] = []
      var heard: Set<String> = []
      for step in 0..<40 {
        let name = names.randomElement(using: &random) ?? "a"
        let queue = try #require(QueueName(name))
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
          ring.begin(queue)
          heard.insert(name)
        case 1:
          ring.end(queue)
          heard.remove(name)
        case 2:
          history.append((ring.last, nil, Set(names)))
          ring.interrupt()
        default:
          if heard.contains(name) {
            for entry in ring.add([try Self.event(name, step)]) { history.append((entry.number, entry, [])) }
          } else {
            // It happens, and nobody hears it.
            history.append((ring.last, nil, [name]))
          }
        }
        let after = UInt64.random(in: 0...(ring.last + 1), using: &random)
        let wanted = Set(names.filter { _ in Bool.random(using: &random) })
        guard let told = ring.changes(after: after, of: Set(wanted.compactMap { QueueName($0) })) else { continue }
        let truth = history.filter { $0.entry != nil && $0.number > after }.compactMap(\.entry)
          .filter { wanted.contains($0.event.id.queue.text) }
        #expect(told == truth, "\(random)")
        // Nothing that was lost lies behind the place to go on from.
        let lost = history.filter { $0.number >= after && !$0.lost.isDisjoint(with: wanted) }
        #expect(lost.isEmpty, "\(random)")
      }
    }
  }
}
