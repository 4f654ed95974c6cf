import HTTPWire
import Service
import Testing

@testable import JobCtl

@Suite("What a backfill is told")
struct BackfillOptionsTests {
  private func options(_ words: String...) throws -> BackfillOptions { try options(words) }

  private func options(_ words: [String]) throws -> BackfillOptions {
    try BackfillOptions(try Invocation(["backfill"] + words, environment: [:]).arguments)
  }

  @Test("a file's name says its format and where the checkpoint lies")
  func defaults() throws {
    let plain = try options("a.ndjson")
    #expect(plain.format == .ndjson && plain.checkpoint == "a.ndjson.backfill" && !plain.isResuming)
    #expect(plain.journal == nil && plain.settings == Checkpoint.Settings())
    let table = try options("a.csv", "--kind", "test.noop", "--queue", "q", "--wait", "r")
    #expect(
      table.format == .csv(delimiter: UInt8(ascii: ",")) && table.shape == JobShape(kind: "test.noop", queue: "q"))
    #expect(table.journal == "a.csv.backfill.ids")
    #expect(table.settings == Checkpoint.Settings(format: "csv", kind: "test.noop", queue: "q", results: "r"))
    #expect(try options("-").checkpoint == nil && options("-").format == .ndjson)
    #expect(try options("-", "--format", "tsv", "--kind", "a.b").format == .csv(delimiter: 9))
    #expect(try options("data", "--format=ndjson").format == .ndjson)
  }

  @Test("a batch is small enough for the rate, the backlog and the window")
  func batches() throws {
    #expect(try options("a.ndjson", "--rate", "100").batch == 25)
    #expect(try options("a.ndjson", "--rate", "1").batch == 1)
    #expect(try options("a.ndjson", "--max-backlog", "300").batch == 150)
    #expect(try options("a.ndjson", "--wait", "r", "--window", "10").batch == 5)
    #expect(try options("a.ndjson", "--batch", "7").batch == 7)
  }

  @Test(
    "what cannot be meant is refused with exit code 2",
    arguments: [
      [], ["a.ndjson", "b"], ["a.txt"], ["a.csv"], ["a.ndjson", "--kind", "a.b"], ["a.ndjson", "--queue", "q"],
      ["a.ndjson", "--format", "xml"], ["-", "--resume"], ["a.ndjson", "--dry-run", "--resume"],
      ["a.ndjson", "--dry-run", "--wait", "r"], ["a.ndjson", "--window", "5"], ["-", "--wait", "r"],
      ["a.ndjson", "--batch", "0"], ["a.ndjson", "--batch", "10001"], ["a.ndjson", "--rate", "x"],
      ["a.ndjson", "--rejects", "a.ndjson"], ["a.ndjson", "--rejects", "r", "--wait", "r"],
      ["a.ndjson", "--checkpoint", "r", "--wait", "r"], ["a.ndjson", "--retry-for", "10"],
    ])
  func refused(words: [String]) {
    #expect(#expect(throws: ProgramEnd.self) { try options(words) }?.code == .usage)
  }

  @Test(
    "what can be known of a job without the API is checked",
    arguments: [
      (#"{"kind":"test.noop","payload":{},"ref":"r","idempotency_key":"k"}"#, nil),
      (#"{"kind":"proof.anchor","payload":{"hash":"1"},"delay":"5s"}"#, nil),
      (#"{"kind":"proof.ancor","payload":{}}"#, "/kind"), (#"{"kind":"test.noop"}"#, "/payload"),
      (#"{"kind":"test.noop","payload":1,"when":2}"#, "/when"), (#"{"kind":"test.noop","payload":1,"ref":5}"#, "/ref"),
      (#"{"kind":"test.noop","payload":1,"idempotency_key":""}"#, "/idempotency_key"),
    ])
  func localCheck(job: String, pointer: String?) {
    #expect(LocalCheck().problem(bytes(job))?.errors.map(\.pointer) == pointer.map { [$0] })
  }

  @Test("a line that is no JSON is no job")
  func malformed() { #expect(LocalCheck().problem(bytes("{"))?.slug == "malformed-json") }
}
