import Service
import TestSupport
import Testing

@testable import Jobs

@Suite("Traces of jobs")
struct JobTraceTests {
  private let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("the trace id of a job that nobody gave one is its ULID's 128 bits")
  func bits() throws {
    // 01ARZ3NDEKTSV4RRFFQ69G5FAV in hexadecimal, by Crockford's table.
    let id = try #require(JobID("proof.01ARZ3NDEKTSV4RRFFQ69G5FAV"))
    #expect(try #require(id.trace).traceID == "01563e3ab5d3d6764c61efb99302bd5b")
    #expect(ULID.bits("7ZZZZZZZZZZZZZZZZZZZZZZZZZ".utf8) == (.max, .max))
    #expect(ULID.bits("".utf8) == (0, 0))
  }

  @Test("it is the same each time, another one for each job, and never recorded by itself")
  func own() throws {
    var generator = SeededGenerator()
    var minter = JobIDMinter()
    let queue = try #require(QueueName("test"))
    var traces: Set<String> = []
    var spans: Set<UInt64> = []
    for time in 1...1000 as ClosedRange<Int64> {
      let id = minter.mint(queue, nowMs: time / 10, using: &generator)
      let trace = try #require(JobRecord(id: id).trace)
      #expect(JobID(id.text)?.trace == trace && !trace.isSampled)
      traces.insert(trace.traceID)
      spans.insert(trace.span)
    }
    #expect(traces.count == 1000 && spans.count == 1000, "\(generator)")
  }

  @Test("a given one goes before it, an unreadable one is as if there were none")
  func givenFirst() throws {
    var record = JobRecord(id: .numbered(1))
    #expect(record.givenTrace == nil && record.trace == record.id.trace)
    record.options.traceparent = given
    #expect(record.trace?.traceparent == given && record.givenTrace == record.trace)
    record.options.traceparent = "spoilt"
    #expect(record.givenTrace == nil && record.trace == record.id.trace)
  }

  @Test("an id of zeros, which only a person can write, has none")
  func zeros() throws {
    #expect(try #require(JobID("test.00000000000000000000000000")).trace == nil)
  }
}
