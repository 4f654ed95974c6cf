import RedisWire
import TestSupport
import Testing

@testable import Jobs

@Suite("Batches")
struct BatchesTests {
  private func places(_ costs: [Int], jobs: Int = 3, bytes: Int = 10) -> [[Int]] {
    Batches(costs, jobs: jobs, bytes: bytes, queue: { _ in .proof }, cost: { $0 }).map(\.places)
  }

  @Test("a call ends at its bound of jobs or of bytes")
  func bounds() {
    #expect(places([]).isEmpty)
    #expect(places([1, 1, 1, 1]) == [[0, 1, 2], [3]])
    #expect(places([6, 4, 1]) == [[0, 1], [2]])
    #expect(places([6, 5, 6]) == [[0], [1], [2]])
  }

  @Test("one item above the bound goes alone")
  func large() { #expect(places([50, 1, 99, 2]) == [[0], [1], [2], [3]]) }

  @Test("each queue has calls of its own, and every place is in exactly one")
  func queues() {
    var random = SeededGenerator()
    let queues = (0..<500).map { _ in QueueName(["a", "b", "c"].randomElement(using: &random)!)! }
    let batches = Batches(queues, queue: { $0 })
    #expect(batches.flatMap(\.places).sorted() == Array(0..<500), "\(random)")
    for batch in batches {
      #expect(batch.places.count <= 64 && batch.places == batch.places.sorted(), "\(random)")
      #expect(batch.places.allSatisfy { queues[$0] == batch.queue }, "\(random)")
    }
  }

  @Test("a queue is entered again after a while, as Redis may have forgotten it")
  func registry() {
    let registry = QueueRegistry(validity: .seconds(30))
    let start = ContinuousClock.now
    #expect(registry.mustEnter(.proof, now: start))
    registry.note(.proof, now: start)
    #expect(!registry.mustEnter(.proof, now: start + .seconds(29)) && registry.mustEnter(.memory, now: start))
    #expect(registry.mustEnter(.proof, now: start + .seconds(30)))
  }

  @Test("waiting at the bell")
  func doorbell() {
    let queues = [Keys.standard.queue(.proof), Keys.standard.queue(.memory)]
    var bytes: [UInt8] = []
    Doorbell.wait(on: queues, timeoutMs: 250).encode(into: &bytes)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "*4\r\n$5\r\nBLPOP\r\n$15\r\nwc:{proof}:wake\r\n$16\r\nwc:{memory}:wake\r\n$4\r\n0.25\r\n")
    bytes = []
    Doorbell.wait(on: [queues[0]], timeoutMs: 0).encode(into: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("$4\r\n0.01\r\n"))
    #expect(Doorbell.rung(.array([.bulk(Array(queues[1].wake.utf8)), .bulk([49])]), of: queues) == queues[1])
    #expect(Doorbell.rung(.null, of: queues) == nil)
  }
}
