import HTTPWire
import JSONWire
import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Answers of a bulk")
struct BulkLedgerTests {
  private static let id = JobID("test.01K9ZV3T7Q8M4N5P6R7S8T9V0W")

  private static func written(_ ledger: inout BulkLedger, limit: Int = .max) -> [String] {
    var writer = JSONWriter()
    ledger.write(to: &writer, limit: limit)
    return writer.text.split(separator: "\n").map(String.init)
  }

  @Test("a line holds its job until it is settled, then its answer, and nothing once it is written")
  func bytes() throws {
    let id = try #require(Self.id)
    var ledger = BulkLedger()
    let number = ledger.add(line: 1, ref: Array(#""abc""#.utf8), bytes: 1000)
    #expect(ledger.bytes == 1005)
    let problems = (0..<30).map { FieldProblem("/\($0)", String(repeating: "x", count: 100)) }
    _ = ledger.add(
      line: 2, ref: [], .refused(Problem(.badRequest, "invalid-job", "x", errors: problems), isRetryable: false))
    #expect(ledger.bytes > 1005 + 3000)
    #expect(Self.written(&ledger).isEmpty)
    ledger.settle(number, .accepted(id))
    #expect(ledger.bytes > 3000 && ledger.bytes < 1005 + 30 * 200 + 512)
    #expect(Self.written(&ledger).count == 2)
    #expect(ledger.bytes == 0)
  }

  @Test("answers are written in the order of the lines, whenever they come")
  func order() throws {
    let id = try #require(Self.id)
    var ledger = BulkLedger()
    let first = ledger.add(line: 1, ref: [])
    let second = ledger.add(line: 3, ref: Array(#""a""#.utf8))
    _ = ledger.add(line: 4, ref: [], .refused(.keyReused, isRetryable: false))
    #expect(Self.written(&ledger).isEmpty)
    ledger.settle(second, .replayed(id))
    #expect(Self.written(&ledger).isEmpty)
    #expect(ledger.open == 3)
    ledger.settle(first, .accepted(id))
    let lines = Self.written(&ledger)
    #expect(lines.count == 3)
    #expect(lines[0] == #"{"line":1,"status":202,"id":"\#(id)"}"#)
    #expect(lines[1] == #"{"line":3,"ref":"a","status":202,"id":"\#(id)","replayed":true}"#)
    #expect(lines[2].hasPrefix(#"{"line":4,"status":422,"error":{"type":"/problems/idempotency-key-reused""#))
    #expect(ledger.open == 0)
    #expect(ledger.summary == .init(total: 3, accepted: 1, replayed: 1, failed: 1))
    var writer = JSONWriter()
    ledger.writeSummary(to: &writer, stopped: nil)
    #expect(
      writer.text == #"{"summary":{"total":3,"accepted":1,"replayed":1,"failed":1,"errors":true,"complete":true}}"#
        + "\n")
  }

  @Test("an answer for a line that is written, or was never there, changes nothing")
  func late() throws {
    let id = try #require(Self.id)
    var ledger = BulkLedger()
    let number = ledger.add(line: 1, ref: [], .accepted(id))
    #expect(Self.written(&ledger).count == 1)
    ledger.settle(number, .replayed(id))
    ledger.settle(99, .accepted(id))
    ledger.settle(-1, .accepted(id))
    #expect(Self.written(&ledger).isEmpty)
  }

  @Test("ten thousand lines that are settled in any order come out in theirs")
  func shuffled() throws {
    var random = SeededGenerator()
    let id = try #require(Self.id)
    var ledger = BulkLedger()
    var pending: [Int] = []
    var lines: [String] = []
    for line in 1...10_000 {
      pending.append(ledger.add(line: line, ref: []))
      while pending.count > 100 {
        ledger.settle(pending.remove(at: Int.random(in: 0..<pending.count, using: &random)), .accepted(id))
        lines += Self.written(&ledger, limit: 7)
      }
    }
    for number in pending.shuffled(using: &random) { ledger.settle(number, .accepted(id)) }
    lines += Self.written(&ledger)
    #expect(lines == (1...10_000).map { #"{"line":\#($0),"status":202,"id":"\#(id)"}"# }, "\(random)")
  }
}

@Suite("Calls of a bulk")
struct BulkBatcherTests {
  private static func job(_ queue: String, bytes: Int = 10) throws -> NewJob {
    var minter = JobIDMinter()
    return NewJob(
      id: minter.mint(try #require(QueueName(queue))), kind: try #require(KindName("test.noop")),
      payload: Array(repeating: 0x31, count: bytes))
  }

  @Test("a call is full with 64 jobs, of its queue alone")
  func full() throws {
    var batcher = BulkBatcher()
    for number in 0..<63 {
      let batch = batcher.add(try Self.job("a"), number: number)
      #expect(batch?.numbers == nil)
    }
    let none = batcher.add(try Self.job("b"), number: 63)
    #expect(none?.numbers == nil)
    let batch = try #require(batcher.add(try Self.job("a"), number: 64))
    #expect(batch.queue.text == "a")
    #expect(batch.jobs.count == 64)
    #expect(batch.numbers == Array(0..<63) + [64])
    let rest = batcher.takeAll()
    #expect(rest.map(\.queue.text) == ["b"])
    #expect(rest.map(\.numbers) == [[63]])
    #expect(batcher.isEmpty)
  }

  @Test("a call is at most 1 MiB, unless one job alone is larger")
  func bytes() throws {
    var batcher = BulkBatcher()
    let none = batcher.add(try Self.job("a", bytes: 700_000), number: 0)
    #expect(none?.numbers == nil)
    let first = try #require(batcher.add(try Self.job("a", bytes: 700_000), number: 1))
    #expect(first.numbers == [0])
    let second = try #require(batcher.add(try Self.job("a", bytes: 2_000_000), number: 2))
    #expect(second.numbers == [1])
    #expect(batcher.takeAll().map(\.numbers) == [[2]])
  }
}
