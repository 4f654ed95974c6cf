import Jobs
import Sealing
import TestSupport
import Testing

@testable import Worker

@Suite("Job runner")
struct JobRunnerTests {
  private let id: JobID
  private let seal: PayloadSeal

  init() throws {
    id = try #require(JobID("memory.01JD0000000000000000000000"))
    seal = PayloadSeal(key: try SecretBytes.random(count: 32))
  }

  private func run(
    _ record: JobRecord, handlers: [String: any JobHandler] = [:], seal: PayloadSeal? = nil,
    onTimeout: (Int64) -> Void = { _ in }
  ) async throws -> Completion {
    var table: [KindName: any JobHandler] = [:]
    for (name, handler) in handlers { table[try #require(KindName(name))] = handler }
    let runner = JobRunner(
      reader: JobRequestReader(kinds: Kinds(testKinds: true)), handlers: table, seal: seal)
    return await runner.run(ClaimedJob(token: 1, record: record), JobContext(), onTimeout: onTimeout)
  }

  private func record(raw: String) -> JobRecord {
    var record = JobRecord(id: id)
    record.raw = Array(raw.utf8)
    return record
  }

  private let echo = ClosureHandler { job, _ throws(JobFailure) in job.payload }

  @Test("a sealed payload is opened for its handler, and the result is sealed for nobody but the caller")
  func sealed() async throws {
    let kind = try #require(KindName("memory.store"))
    var record = JobRecord(id: id)
    record.kind = kind.text
    record.sealed = true
    record.payload = try seal.seal(Array(#"{"secret":1}"#.utf8), .payload, id: id, kind: kind)
    let completion = try await run(record, handlers: ["memory.store": echo], seal: seal)
    guard case .success(let result) = completion.end else { throw SupportError("\(completion.end)") }
    #expect(PayloadSeal.isSealed(result))
    #expect(try seal.open(result, .result, id: id, kind: kind) == Array(#"{"secret":1}"#.utf8))
  }

  @Test("without the key, or with another one, a sealed job fails for good and says which setting to look at")
  func wrongKey() async throws {
    let kind = try #require(KindName("memory.store"))
    var record = JobRecord(id: id)
    record.kind = kind.text
    record.payload = try seal.seal(Array("{}".utf8), .payload, id: id, kind: kind)
    for other in [nil, PayloadSeal(key: try SecretBytes.random(count: 32))] {
      let completion = try await run(record, handlers: ["memory.store": echo], seal: other)
      guard case .failed(.permanent(_, let message)) = completion.end else { throw SupportError("\(completion.end)") }
      #expect(message.contains("PAYLOAD_KEY"))
    }
  }

  @Test("plain content of a sealed kind never reaches a handler")
  func plaintextRefused() async throws {
    let raw = record(raw: #"{"kind":"memory.store","payload":{"user":"u","content":"c"}}"#)
    let completion = try await run(raw, handlers: ["memory.store": echo], seal: seal)
    guard case .unusable(let unusable) = completion.end else { throw SupportError("\(completion.end)") }
    #expect(unusable.reason == .plaintextRefused)
    #expect(unusable.adoption?.isSealed == true)
  }

  @Test("what is no job is undecodable", arguments: ["{", #"{"kind":1}"#, #"{"payload":{}}"#, "{}", #"{"kind":"x"}"#])
  func undecodable(raw: String) async throws {
    let completion = try await run(record(raw: raw))
    guard case .unusable(let unusable) = completion.end else { throw SupportError("\(completion.end)") }
    #expect(unusable.reason == .undecodable)
  }

  @Test("a raw element runs with its own options, and its kind is kept with the settlement")
  func adopted() async throws {
    let raw = record(raw: #"{"kind":"test.noop","payload":[1, 2],"timeout":"7s","max_attempts":2}"#)
    var timeout: Int64?
    let completion = try await run(raw, handlers: ["test.noop": echo]) { timeout = $0 }
    #expect(completion.end == .success(Array("[1, 2]".utf8)))
    #expect(completion.adoption?.kind?.text == "test.noop")
    #expect(completion.options.maxAttempts == 2)
    #expect(timeout == 7000)
  }

  @Test("a raw element that asks for a later start is sent there once")
  func early() async throws {
    var raw = record(raw: #"{"kind":"test.noop","payload":{},"delay":"5s"}"#)
    #expect(try await run(raw, handlers: ["test.noop": echo]).end == .early(.afterMs(5000)))
    raw.kind = "test.noop"
    #expect(try await run(raw, handlers: ["test.noop": echo]).end == .success(Array("{}".utf8)))
  }

  @Test("a kind without a handler here is unknown, not failed")
  func unknown() async throws {
    var record = JobRecord(id: id)
    record.kind = "proof.inclusion"
    record.payload = Array("{}".utf8)
    let completion = try await run(record)
    #expect(completion.end == .unknownKind)
    #expect(completion.kind?.text == "proof.inclusion")
  }
}
