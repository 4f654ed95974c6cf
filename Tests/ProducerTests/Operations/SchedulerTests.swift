import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Runs of schedules") struct SchedulerTests {
  private static func shown(_ producer: LiveProducer, _ name: String = "nightly") async throws -> PlainHTTP.Answer {
    try await producer.http.get("/api/v1/schedules/\(name)")
  }

  private static func define(
    _ producer: LiveProducer, _ fields: String, name: String = "nightly",
    job: String = #"{"kind":"test.noop","payload":{}}"#
  ) async throws {
    let answer = try await ScheduleRouteTests.put(
      producer, #"{\#(fields),"job":\#(job)}"#, path: "/api/v1/schedules/\(name)")
    #expect(answer.status == 200 || answer.status == 201, "\(answer)")
  }

  /// Sets the next run into the past, as if no producer had been there since.
  private static func missSince(_ producer: LiveProducer, minutes: Int64) throws -> Int64 {
    let time = try producer.redis.command("TIME")
    let now = try #require(time.elements.first?.text.flatMap { Int64($0) }) * 1000
    let next = (now / 60_000 - minutes) * 60_000
    _ = try producer.redis.command("HSET", "wc:schedule:nightly", "next_ms", "\(next)")
    _ = try producer.redis.command("ZADD", "wc:schedules", "\(next)", "nightly")
    return next
  }

  private static func ready(_ producer: LiveProducer) throws -> [String] {
    try producer.redis.command("LRANGE", "wc:{test}:ready", "0", "-1").elements.compactMap(\.text)
  }

  @Test("three producers make each run once")
  func exactlyOnce() async throws {
    let redis = try RedisServer()
    try await withProducer(redis: redis) { first async throws in
      try await withProducer(redis: redis) { second async throws in
        try await withProducer(redis: redis) { third async throws in
          let names = (0..<20).map { "every-\($0)" }
          for name in names { try await Self.define(first, #""cron":"@every 1s","overlap":"allow""#, name: name) }
          try await eventually(within: .seconds(30), "each has run four times") {
            for name in names where (try await Self.shown(second, name).json["enqueued"].int ?? 0) < 4 { return false }
            return true
          }
          for name in names {
            try await Self.define(third, #""cron":"@every 1s","overlap":"allow","paused":true"#, name: name)
          }
          var counted = 0
          for name in names { counted += try await Self.shown(first, name).json["enqueued"].int ?? 0 }
          // One job a run, and no id twice: ids name their run.
          let ids = try Self.ready(first)
          #expect(ids.count == counted && Set(ids).count == counted && counted >= 80)
          let ticks = ids.compactMap { JobID($0)?.mintedMs }
          #expect(Dictionary(grouping: ids) { $0.suffix(16) }.count == names.count)
          #expect(ticks.count == counted)
        }
      }
    }
  }

  @Test(
    "of missed runs the last is made, and with catch_up each of them, under its own time", arguments: [false, true])
  func missed(catchesUp: Bool) async throws {
    try await withProducer { producer async throws in
      try await Self.define(producer, #""cron":"* * * * *","overlap":"allow","catch_up":\#(catchesUp)"#)
      let since = try Self.missSince(producer, minutes: 90)
      try await eventually("nothing is due any more") {
        try await (Self.shown(producer).json["enqueued"].int ?? 0) >= (catchesUp ? 91 : 1)
      }
      let minutes = try Self.ready(producer).compactMap { JobID($0)?.mintedMs }.reversed().map { $0 / 60_000 }
      let first = since / 60_000
      // A minute may pass while the test runs.
      #expect(
        catchesUp
          ? minutes == Array(first..<first + Int64(minutes.count)) : minutes.first.map { $0 >= first + 90 } == true)
      #expect(minutes.count == (catchesUp ? 91 : 1) || minutes.count == (catchesUp ? 92 : 2))
    }
  }

  @Test("a run is left out while the job of the one before has not ended, and says which")
  func skip() async throws {
    try await withProducer { producer async throws in
      try await Self.define(producer, #""cron":"@every 1s""#)
      try await eventually("two runs were left out") {
        try await (Self.shown(producer).json["skipped"].int ?? 0) >= 2
      }
      let shown = try await Self.shown(producer)
      #expect(shown.json["enqueued"].int == 1 && shown.json["last_run"]["outcome"].string == "skipped")
      #expect(try Self.ready(producer) == [shown.json["last_run"]["job"].string])
      try producer.worker().finish()
      try await eventually("it runs again") { try await (Self.shown(producer).json["enqueued"].int ?? 0) >= 2 }
    }
  }

  @Test("what is due by the definition of before runs by it, and times that stay keep their next run")
  func redefined() async throws {
    try await withProducer { producer async throws in
      try await Self.define(producer, #""cron":"@every 300d""#)
      let before = try await Self.shown(producer).json["next_run_at"].string
      try await Self.define(producer, #""cron":"@every 300d","overlap":"allow""#)
      #expect(try await Self.shown(producer).json["next_run_at"].string == before)
      try await Self.define(producer, #""cron":"@every 200d""#)
      #expect(try await Self.shown(producer).json["next_run_at"].string != before)
      // Only the hash knows of this run; the producer that defines finds it.
      _ = try producer.redis.command("HSET", "wc:schedule:nightly", "next_ms", "1000")
      try await Self.define(producer, #""cron":"@every 100d""#)
      let shown = try await Self.shown(producer)
      #expect(shown.json["enqueued"].int == 1 && shown.json["last_run"]["outcome"].string == "enqueued")
      #expect(try Self.ready(producer) == [shown.json["last_run"]["job"].string])
    }
  }

  @Test("a run that cannot be made says why, is tried again, and holds no other up")
  func stuck() async throws {
    try await withProducer { producer async throws in
      _ = try await producer.submitted()
      let patch = try await producer.http.request(
        "PATCH", "/api/v1/queues/test", ["Content-Type": "application/json"], body: Array(#"{"max_depth":1}"#.utf8))
      #expect(patch.status == 200)
      try await Self.define(producer, #""cron":"@every 1s""#, name: "full")
      try await Self.define(
        producer, #""cron":"@every 1s""#, name: "other", job: #"{"kind":"test.noop","payload":{},"queue":"side"}"#)
      try await eventually("the other one runs and the first says why it does not") {
        let (full, other) = (try await Self.shown(producer, "full"), try await Self.shown(producer, "other"))
        return full.json["last_run"]["outcome"].string == "failed" && other.json["enqueued"].int == 1
      }
      #expect(try await Self.shown(producer, "full").json["last_run"]["detail"].string?.hasPrefix("queue_full") == true)
      let metrics = String(decoding: try await producer.http.get("/metrics").body, as: UTF8.self)
      #expect(metrics.contains(#"whispercache_schedule_runs_total{schedule="full",outcome="failed"}"#))
      #expect(metrics.contains("whispercache_schedule_lag_seconds"))
      try producer.worker().finish()
      try await eventually("it runs") { try await (Self.shown(producer, "full").json["enqueued"].int ?? 0) >= 1 }
    }
  }

  @Test("a producer that ends between the job and its note leaves no second job")
  func crash() async throws {
    try await withProducer { producer async throws in
      try await Self.define(producer, #""cron":"@every 300d""#)
      let next = try #require(try producer.redis.command("HGET", "wc:schedule:nightly", "next_ms").text)
      _ = try producer.redis.command("HSET", "wc:schedule:nightly", "next_ms", "1000")
      _ = try producer.redis.command("ZADD", "wc:schedules", "1000", "nightly")
      try await eventually("it ran") { try await Self.shown(producer).json["enqueued"].int == 1 }
      let ran = try #require(try Self.ready(producer).first)
      // The note is taken back, as if it had never been written; the run is the same one.
      let noted = try #require(try producer.redis.command("HGET", "wc:schedule:nightly", "last_tick_ms").text)
      _ = try producer.redis.command("HSET", "wc:schedule:nightly", "next_ms", noted)
      _ = try producer.redis.command("ZADD", "wc:schedules", noted, "nightly")
      try await eventually("it was noted again") { try await Self.shown(producer).json["enqueued"].int == 2 }
      #expect(try Self.ready(producer) == [ran] && next != noted)
    }
  }
}
