import RedisWire
import TestSupport
import Testing

@testable import Jobs

@Suite("Records")
struct JobRecordTests {
  private func record(_ fields: [(String, String)]) -> JobRecord {
    let flat = fields.flatMap { [RESPValue.bulk(Array($0.0.utf8)), .bulk(Array($0.1.utf8))] }
    return JobRecord(id: .numbered(1), fields: RESPMap(alternating: flat)!)
  }

  @Test("every field is read")
  func whole() {
    let record = record([
      ("state", "retrying"), ("kind", "test.noop"), ("payload", "{}"), ("raw", "{\"a\":1}"), ("priority", "high"),
      ("opts", #"{"max_attempts":7}"#), ("unique", "u"), ("sealed", "1"), ("created_ms", "1"), ("ready_ms", "2"),
      ("started_ms", "3"), ("finished_ms", "4"), ("attempts", "5"), ("deliveries", "6"), ("losses", "7"),
      ("lives", "8"),
      ("worker", "w"), ("cancel", "1"), ("progress", "half"), ("result", "r"), ("error", "e"), ("reason", "poison"),
      ("unknown", "9"), ("unknown_since_ms", "10"), ("something_new", "x"),
      ("history", "1 failed 3 4 w-1 no disk: /a\n2 lost 5 6 - \n"),
    ])
    #expect(record.state == .retrying && record.kind == "test.noop" && record.payload == Array("{}".utf8))
    #expect(record.raw == Array("{\"a\":1}".utf8) && record.priority == .high && record.options.maxAttempts == 7)
    #expect(record.unique == "u" && record.sealed == true && record.createdMs == 1 && record.readyMs == 2)
    #expect(record.startedMs == 3 && record.finishedMs == 4 && record.attempts == 5 && record.deliveries == 6)
    #expect(record.losses == 7 && record.lives == 8 && record.worker == "w" && record.isCancelRequested)
    #expect(record.progress == Array("half".utf8) && record.result == Array("r".utf8) && record.error == "e")
    #expect(record.reason == .poison && record.unknown == 9 && record.unknownSinceMs == 10)
    #expect(record.history.map(\.outcome) == [.failed, .lost] && record.history.map(\.number) == [1, 2])
  }

  @Test("what is absent has its default, and what is spoilt counts as absent")
  func spoilt() {
    let empty = record([])
    #expect(empty == JobRecord(id: .numbered(1)) && empty.lives == 1 && empty.waitingSinceMs == nil)
    let spoilt = record([
      ("state", "nonsense"), ("priority", "urgent"), ("opts", "{{"), ("created_ms", "yesterday"), ("attempts", "-5"),
      ("deliveries", "nan"), ("losses", "1e9"), ("lives", "0"), ("worker", ""), ("reason", "boredom"), ("unknown", ""),
    ])
    #expect(spoilt == JobRecord(id: .numbered(1)))
  }

  @Test("numbers with which nobody can calculate count as absent", arguments: [Int64.min, -1, 1 << 53, .max])
  func extremes(_ number: Int64) {
    let names = [
      "created_ms", "ready_ms", "started_ms", "finished_ms", "unknown_since_ms", "attempts", "losses",
      "lives", "unknown", "deliveries",
    ]
    #expect(record(names.map { ($0, String(number)) }) == JobRecord(id: .numbered(1)))
  }

  @Test("the wait began when it became ready, else at its creation")
  func waiting() {
    #expect(record([("created_ms", "1")]).waitingSinceMs == 1)
    #expect(record([("created_ms", "1"), ("ready_ms", "9")]).waitingSinceMs == 9)
  }

  @Test("options say only what differs, and read back")
  func options() {
    var options = JobOptions()
    #expect(options.isEmpty && options.encoded == Array("{}".utf8))
    options.maxAttempts = 9
    options.timeoutMs = 60_000
    options.resultTTLMs = 3_600_000
    options.backoffBaseMs = 10
    options.backoffMaxMs = 20
    options.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    options.owner = "auth0|alice@example.com"
    #expect(JobOptions(encoded: options.encoded) == options && !options.isEmpty)
    #expect(
      String(decoding: options.encoded, as: UTF8.self).hasPrefix(
        #"{"max_attempts":9,"timeout_ms":60000,"result_ttl_ms":3600000,"backoff":{"base_ms":10,"max_ms":20},"#))
  }

  @Test(
    "options of another version or a clumsy hand count as absent",
    arguments: [
      "", "[]", "7", #"{"max_attempts":0}"#, #"{"max_attempts":"5"}"#, #"{"max_attempts":1e3}"#, #"{"timeout_ms":-1}"#,
      #"{"backoff":7}"#, #"{"backoff":{"base_ms":99999999999999999999}}"#, #"{"new":{}}"#, #"{"traceparent":7}"#,
      #"{"owner":7}"#, #"{"owner":""}"#,
    ])
  func foreignOptions(_ text: String) { #expect(JobOptions(encoded: Array(text.utf8)).isEmpty) }

  @Test("retry policies take what the options say")
  func policies() {
    var options = JobOptions()
    #expect(options.retryPolicy(defaults: RetryPolicy(baseMs: 5, maxMs: 50)) == RetryPolicy(baseMs: 5, maxMs: 50))
    options.backoffBaseMs = 200
    #expect(options.retryPolicy(defaults: RetryPolicy(baseMs: 5, maxMs: 50)) == RetryPolicy(baseMs: 200, maxMs: 200))
    options.backoffMaxMs = 300
    #expect(options.retryPolicy(defaults: RetryPolicy(baseMs: 5, maxMs: 50)) == RetryPolicy(baseMs: 200, maxMs: 300))
  }

  @Test("no bytes in a hash make reading fail")
  func fuzz() {
    var random = SeededGenerator()
    let names = ["state", "deliveries", "opts", "reason", "lives", "worker", "created_ms", "error", "sealed"]
    for _ in 0..<20_000 {
      let flat = names.flatMap { [RESPValue.bulk(Array($0.utf8)), .bulk(random.bytes(Int(random.next() % 24)))] }
      let record = JobRecord(id: .numbered(1), fields: RESPMap(alternating: flat)!)
      #expect(record.lives >= 1 && record.deliveries >= 0 && record.attempts == 0, "\(random)")
    }
  }
}
