import HTTPWire
import TestSupport
import Testing

@testable import JobCtl

@Suite("A batch until each line has its answer")
struct BatchProgressTests {
  private func batch(_ lines: Int...) -> Batch {
    Batch(
      number: 0, lines: lines.map { Batch.Line(number: $0, text: bytes("t\($0)"), job: bytes("{\"n\":\($0)}")) },
      refused: [], place: InputPlace(offset: 99, lines: 9))
  }

  private func accepted(_ line: Int, _ id: String, replayed: Bool = false) -> String {
    #"{"line":\#(line),"status":202,"id":"\#(id)"\#(replayed ? #","replayed":true"# : "")}"# + "\n"
  }

  private func later(_ line: Int) -> String {
    #"{"line":\#(line),"status":503,"retryable":true,"error":{"type":"/problems/queue-full","title":"The queue is full"}}"#
      + "\n"
  }

  private let summary = #"{"summary":{"total":1,"complete":true}}"# + "\n"

  @Test("all answers at once end it")
  func whole() throws {
    var progress = BatchProgress(batch(3, 5, 8))
    #expect(text(progress.body) == "{\"n\":3}\n{\"n\":5}\n{\"n\":8}\n" && !progress.isDone)
    let problem = #"{"type":"/problems/invalid-job","title":"x","status":422}"#
    let answer =
      accepted(1, "a.1") + #"{"line":2,"status":422,"error":\#(problem)}"# + "\n" + accepted(3, "a.3", replayed: true)
      + summary
    #expect(try progress.take(bytes(answer)))
    #expect(progress.isDone && progress.body.isEmpty)
    let outcome = progress.outcome
    #expect(outcome.accepted == [AcceptedJob(line: 3, id: "a.1"), AcceptedJob(line: 8, id: "a.3")])
    #expect(outcome.replayed == 1 && outcome.place == InputPlace(offset: 99, lines: 9))
    #expect(
      outcome.rejections == [Rejection(line: 5, text: bytes("t5"), status: 422, problem: bytes(problem))])
    #expect(
      text(outcome.rejections[0].json) == #"{"line":5,"status":422,"error":\#(problem),"input":"t5"}"# + "\n")
  }

  @Test("lines that may succeed later, and those without an answer, are sent again, and their numbers are new")
  func again() throws {
    var progress = BatchProgress(batch(1, 2, 3, 4))
    #expect(try progress.take(bytes(accepted(1, "a.1") + later(2) + accepted(3, "a.3"))))
    #expect(!progress.isDone && progress.lastDelay == "The queue is full")
    #expect(text(progress.body) == "{\"n\":2}\n{\"n\":4}\n")
    #expect(try !progress.take(bytes(later(1) + later(2) + summary)))
    let cut = #"{"summary":{"total":1,"complete":false,"stopped":"shutting-down"}}"# + "\n"
    #expect(try progress.take(bytes(accepted(2, "a.4") + cut)))
    #expect(progress.lastDelay == "the bulk ended early: shutting-down")
    #expect(text(progress.body) == "{\"n\":2}\n")
    #expect(try progress.take(bytes(accepted(1, "a.2", replayed: true))))
    #expect(progress.isDone && progress.outcome.accepted.map(\.id) == ["a.1", "a.2", "a.3", "a.4"])
  }

  @Test("an answer that breaks off within a line counts up to there")
  func cut() throws {
    let whole = bytes(accepted(1, "a.1") + accepted(2, "a.2") + summary)
    for end in 0...whole.count {
      var progress = BatchProgress(batch(1, 2))
      let ends = whole[..<end].count { $0 == UInt8(ascii: "\n") }
      #expect(try progress.take(Array(whole[..<end])) == (ends > 0))
      #expect(progress.body.count { $0 == UInt8(ascii: "\n") } == max(0, 2 - ends))
    }
  }

  @Test(
    "what is no answer is told",
    arguments: [
      "<html>\n", "{}\n", "[]\n", #"{"line":0,"status":202,"id":"a"}"# + "\n",
      #"{"line":3,"status":202,"id":"a"}"# + "\n",
      #"{"line":1,"status":202}"# + "\n", #"{"line":1}"# + "\n", #"{"line":-9223372036854775808,"status":1}"# + "\n",
    ])
  func unreadable(answer: String) {
    var progress = BatchProgress(batch(1, 2))
    #expect(throws: BatchProgress.Failure.unreadable) { try progress.take(bytes(answer)) }
  }

  @Test("a batch of refused lines alone needs no call")
  func local() {
    let refused = Rejection(line: 1, text: [], status: 422, problem: bytes("{}"))
    let batch = Batch(number: 0, lines: [], refused: [refused], place: InputPlace(offset: 1, lines: 1))
    #expect(BatchProgress(batch).isDone && BatchProgress(batch).outcome.rejections == [refused])
  }

  @Test("no mutation of an answer ends the process, or makes more jobs than were sent")
  func mutations() {
    var random = SeededGenerator()
    let answer = bytes(accepted(1, "a.1") + later(2) + #"{"line":3,"status":422,"error":{}}"# + "\n" + summary)
    for _ in 0..<50_000 {
      var progress = BatchProgress(batch(1, 2, 3))
      _ = try? progress.take(random.mutate(answer))
      let outcome = progress.outcome
      #expect(outcome.accepted.count + outcome.rejections.count <= 3, "\(random)")
    }
  }
}
