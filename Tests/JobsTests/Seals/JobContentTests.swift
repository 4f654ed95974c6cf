import Sealing
import Testing

@testable import Jobs

@Suite("What a claimed job carries")
struct JobContentTests {
  let reader = JobRequestReader(kinds: Kinds(testKinds: true))
  let seal = PayloadSeal(key: SecretBytes(copying: [UInt8](repeating: 7, count: 32)))
  let secret = Array(#"{"user":"u","content":"s3cr3t"}"#.utf8)

  private func record(raw: String) -> JobRecord {
    var record = JobRecord(id: .numbered(1))
    record.raw = Array(raw.utf8)
    return record
  }

  private func record(kind: String?, payload: [UInt8], sealed: Bool? = nil) -> JobRecord {
    var record = JobRecord(id: .numbered(1))
    (record.kind, record.payload, record.sealed) = (kind, payload, sealed)
    return record
  }

  private func failure(_ record: JobRecord) throws -> UnusableJob {
    try #require(throws: UnusableJob.self) { try record.content(reader) }
  }

  @Test("an enqueued job of an open kind")
  func open() throws {
    let content = try record(kind: "test.noop", payload: [0x37]).content(reader)
    #expect(content.payload == [0x37] && !content.isSealed && !content.isAdopted && content.adoption == nil)
    #expect(try content.open(with: seal, id: .numbered(1)) == [0x37])
  }

  @Test("an enqueued job of a sealed kind opens with its id")
  func sealed() throws {
    let text = try seal.seal(secret, .payload, id: .numbered(1), kind: .store)
    let content = try record(kind: "memory.store", payload: text, sealed: true).content(reader)
    #expect(content.isSealed && content.adoption == nil)
    #expect(try content.open(with: seal, id: .numbered(1)) == secret)
    #expect(throws: JobError.self) { try content.open(with: seal, id: .numbered(2)) }
  }

  @Test("a hash that does not say that it is sealed is told so with its settlement")
  func unmarked() throws {
    let text = try seal.seal(secret, .payload, id: .numbered(1), kind: .store)
    let content = try record(kind: "memory.store", payload: text).content(reader)
    #expect(content.adoption == .init(kind: .store, isSealed: true))
  }

  @Test("a sealed kind in the clear is refused, wherever it comes from")
  func plaintext() throws {
    let inHash = try failure(record(kind: "memory.store", payload: secret))
    #expect(inHash.reason == .plaintextRefused && inHash.adoption == .init(kind: .store, isSealed: true))
    let raw = String(decoding: secret, as: UTF8.self)
    let inList = try failure(record(raw: #"{"kind":"memory.store","payload":\#(raw)}"#))
    #expect(inList.reason == .plaintextRefused && inList.adoption == .init(kind: .store, isSealed: true))
    #expect(!inList.detail.contains("s3cr3t") && !inHash.detail.contains("s3cr3t"))
    #expect(inList.end == .dead(.plaintextRefused, error: inList.detail))
  }

  @Test("a sealed element opens without an id")
  func sealedElement() throws {
    let text = String(decoding: try seal.sealUnbound(secret, kind: .store), as: UTF8.self)
    let content = try record(raw: #"{"kind":"memory.store","payload":"\#(text)","max_attempts":9}"#).content(reader)
    #expect(content.isSealed && content.isAdopted && content.options.maxAttempts == 9)
    #expect(content.adoption == .init(kind: .store, isSealed: true))
    #expect(try content.open(with: seal, id: .numbered(1)) == secret)
  }

  @Test("an open element is told as such, with its time")
  func openElement() throws {
    let content = try record(raw: #"{"kind":"test.noop","payload":[1,  2],"delay":"5s"}"#).content(reader)
    #expect(content.payload == Array("[1,  2]".utf8) && content.start == .afterMs(5000))
    #expect(content.adoption == .init(kind: .noop, isSealed: false))
  }

  @Test("an element of a kind that is unknown here counts as sealed")
  func unknownKind() throws {
    let content = try record(raw: #"{"kind":"who.knows","payload":{}}"#).content(reader)
    #expect(content.isSealed && content.adoption?.isSealed == true && content.payload == Array("{}".utf8))
  }

  @Test("what cannot be read stays as evidence only when it names no sealed kind")
  func undecodable() throws {
    for (raw, isSealed) in [("{broken", false), (#"{"kind":"memory.store","payload":"#, true), (#"{"kind":1}"#, false)]
    {
      let failure = try failure(record(raw: raw))
      #expect(failure.reason == .undecodable && failure.adoption == .init(kind: nil, isSealed: isSealed))
    }
    #expect(try failure(JobRecord(id: .numbered(1))).reason == .undecodable)
    #expect(try failure(record(kind: nil, payload: [])).reason == .undecodable)
    #expect(try failure(record(kind: "NO", payload: [])).reason == .undecodable)
  }
}
