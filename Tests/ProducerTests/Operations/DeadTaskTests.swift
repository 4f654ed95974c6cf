import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Operations on many dead letters") struct DeadTaskTests {
  /// Dead letters as their jobs leave them, put into Redis directly: thousands of jobs would have to die otherwise.
  private static func bury(_ count: Int, _ producer: LiveProducer, error: String = "no disk", from: Int = 0) throws {
    // They died lately: what is older than DEAD_RETENTION is deleted.
    let script = """
      local now = redis.call('TIME')[1] * 1000 - 100000
      for i = ARGV[2], ARGV[2] + ARGV[1] - 1 do
        local id = string.format('test.01ARZ3NDEKTSV4RRFFQ%07d', i)
        redis.call('HSET', 'wc:{test}:job:' .. id, 'kind', 'test.noop', 'payload', '{}', 'state', 'dead', 'reason',
          'permanent', 'error', ARGV[3], 'created_ms', '1000', 'finished_ms', now + i, 'deliveries', '1', 'attempts', '1')
        redis.call('ZADD', 'wc:{test}:dead', now + i, id)
      end
      redis.call('SADD', 'wc:queues', 'test')
      """
    let reply = try producer.redis.command("EVAL", script, "0", "\(count)", "\(from)", error)
    #expect(reply == .null, "\(reply)")
  }

  private static func post(_ producer: LiveProducer, _ verb: String, _ json: String) async throws -> PlainHTTP.Answer {
    try await producer.http.post("/api/v1/dead/\(verb)", json: json)
  }

  private static func ended(_ producer: LiveProducer, _ begun: PlainHTTP.Answer) async throws -> PlainHTTP.Answer {
    let id = try #require(begun.json["id"].string, "\(begun)")
    return try await producer.http.get("/api/v1/jobs/\(id)", ["Prefer": "wait=30"])
  }

  private static func dead(_ producer: LiveProducer) throws -> Int? {
    try producer.redis.command("ZCARD", "wc:{test}:dead").int
  }

  @Test("a filter of more than a call takes becomes a job, which does it to all of them and says so")
  func requeue() async throws {
    try await withProducer { producer async throws in
      try Self.bury(2500, producer)
      try Self.bury(10, producer, error: "other", from: 5000)
      let dry = try await Self.post(producer, "requeue", #"{"filter":{"error":"no disk"},"dry_run":true}"#)
      #expect(dry.status == 200 && dry.json["matched"].int == 2500 && dry.json["complete"].bool == true, "\(dry)")
      let begun = try await Self.post(producer, "requeue", #"{"filter":{"error":"no disk"}}"#)
      #expect(begun.status == 202 && begun.json["kind"].string == "dead.requeue", "\(begun)")
      #expect(begun.headers["location"] == "/api/v1/jobs/\(begun.json["id"].string ?? "")")
      let ended = try await Self.ended(producer, begun)
      #expect(ended.json["state"].string == "succeeded", "\(ended)")
      #expect(ended.json["result"]["matched"].int == 2500 && ended.json["result"]["requeued"].int == 2500)
      #expect(ended.json["result"]["skipped"].members.isEmpty)
      #expect(try Self.dead(producer) == 10)
      #expect(try producer.redis.command("LLEN", "wc:{test}:ready").int == 2500)
    }
  }

  @Test("a limit keeps an operation small, and so does a list of ids")
  func small() async throws {
    try await withProducer { producer async throws in
      try Self.bury(1500, producer)
      let some = try await Self.post(producer, "purge", #"{"filter":{},"limit":300}"#)
      #expect(some.status == 200 && some.json["purged"].int == 300 && some.json["complete"].bool == false)
      let exact = try await Self.post(producer, "purge", #"{"filter":{},"limit":1000}"#)
      #expect(exact.status == 200 && exact.json["purged"].int == 1000)
      // What is left is no more than a call takes.
      let rest = try await Self.post(producer, "purge", #"{"filter":{}}"#)
      #expect(rest.status == 200 && rest.json["purged"].int == 200 && rest.json["complete"].bool == true)
      #expect(try Self.dead(producer) == 0)
    }
  }

  @Test("what dies after the operation has begun is left")
  func snapshot() async throws {
    try await withProducer { producer async throws in
      _ = try producer.redis.command("HSET", "wc:{operations}:config", "paused", "1")
      try Self.bury(1200, producer)
      let begun = try await Self.post(producer, "purge", #"{"filter":{}}"#)
      #expect(begun.status == 202)
      let id = try await producer.submitted()
      try producer.worker().finish("test", .dead(.permanent, error: "later"))
      _ = try await producer.http.request("POST", "/api/v1/queues/operations/resume")
      _ = try await Self.ended(producer, begun)
      let left = try await producer.http.get("/api/v1/dead").json["jobs"].elements.compactMap { $0["id"].string }
      #expect(left == [id.text])
    }
  }

  @Test("it goes on in another producer when the one that runs it is gone")
  func takenOver() async throws {
    try await withProducer { producer async throws in
      try Self.bury(1300, producer)
      _ = try producer.redis.command("HSET", "wc:{operations}:config", "lease_ms", "1000")
      let worker = try producer.worker()
      // Somebody else claims it, which the producer may be quicker than, and is never heard of again.
      let begun = try await eventually("somebody else has the operation") { () -> PlainHTTP.Answer? in
        try Self.bury(1300, producer)
        _ = try producer.redis.command("HSET", "wc:{operations}:config", "paused", "1")
        let begun = try await Self.post(producer, "purge", #"{"filter":{"queue":"test"}}"#)
        _ = try producer.redis.command("HDEL", "wc:{operations}:config", "paused")
        if try worker.claim("operations").isEmpty {
          _ = try await Self.ended(producer, begun)
          return nil
        }
        return begun
      }
      let ended = try await Self.ended(producer, begun)
      #expect(
        ended.json["state"].string == "succeeded" && ended.json["result"]["purged"].int == 1300,
        "\(ended) \(String(decoding: ended.body, as: UTF8.self))")
    }
  }

  @Test("a producer that ends hands it back without an attempt, and the next one ends it")
  func handedBack() async throws {
    let redis = try RedisServer()
    let first = try await LiveProducer.start(redis: redis)
    try Self.bury(60_000, first)
    let begun = try await Self.post(first, "purge", #"{"filter":{}}"#)
    let id = try #require(begun.json["id"].string)
    try await eventually("letters are being purged") {
      try (Self.dead(first) ?? 0) < 60_000
    }
    await first.stop()
    let key = "wc:{operations}:job:\(id)"
    #expect(try redis.command("HGET", key, "state").text == "ready")
    #expect(try redis.command("HGET", key, "attempts").int ?? 0 == 0)
    #expect(try redis.command("HGET", key, "error") == .null)
    try await withProducer(redis: redis) { second async throws in
      let ended = try await Self.ended(second, begun)
      #expect(ended.json["state"].string == "succeeded" && ended.json["deliveries"].int == 2, "\(ended)")
      #expect(try Self.dead(second) == 0)
    }
  }

  @Test("its kinds cannot be submitted, and other jobs have no business in its queue")
  func intruders() async throws {
    try await withProducer { producer async throws in
      let kind = try await producer.submit(#"{"kind":"dead.purge","payload":{"filter":{}},"queue":"operations"}"#)
      #expect(kind.status == 422 && kind.slug == "unknown-kind")
      let other = try await producer.submit(#"{"kind":"test.noop","payload":{},"queue":"operations"}"#)
      let ended = try await Self.ended(producer, other)
      #expect(ended.json["state"].string == "dead" && ended.json["error"]["reason"].string == "undecodable", "\(ended)")
    }
  }

  @Test("it is cancelled like any job, and what was done stays done")
  func cancelled() async throws {
    try await withProducer { producer async throws in
      _ = try producer.redis.command("HSET", "wc:{operations}:config", "paused", "1")
      try Self.bury(1100, producer)
      let begun = try await Self.post(producer, "requeue", #"{"filter":{}}"#)
      let id = try #require(begun.json["id"].string)
      #expect(try await producer.http.request("POST", "/api/v1/jobs/\(id)/cancel").status == 200)
      _ = try producer.redis.command("HDEL", "wc:{operations}:config", "paused")
      #expect(try await producer.http.get("/api/v1/jobs/\(id)").json["state"].string == "cancelled")
      #expect(try Self.dead(producer) == 1100)
    }
  }

  @Test("a payload is read back as it was written; another is none")
  func payload() throws {
    var filter = DeadFilter()
    filter.queue = QueueName("test")
    filter.kind = "test.noop"
    filter.reason = .permanent
    filter.error = "\"quoted\" \u{0}"
    filter.sinceMs = 5
    filter.untilMs = 1_790_000_000_123
    for operation in DeadOperation.allCases {
      let task = DeadTask(operation: operation, filter: filter)
      var record = JobRecord(id: try #require(JobID("operations.01ARZ3NDEKTSV4RRFFQ69G5FAV")))
      record.kind = operation.kind.text
      record.payload = task.payload
      #expect(DeadTask(record) == task)
      for broken in ["", "[]", "{}", #"{"filter":{"queue":5}}"#, #"{"filter":{},"more":1}"#] {
        record.payload = Array(broken.utf8)
        #expect(DeadTask(record) == nil, "\(broken)")
      }
      record.payload = task.payload
      record.kind = "test.noop"
      #expect(DeadTask(record) == nil)
    }
  }

  @Test("a second delivery goes on counting from the first one's progress")
  func tally() {
    var tally = DeadTally(after: nil, of: .purge)
    tally.add([nil, "missing", nil, "ready", "missing"])
    tally.matched = 5
    let text = String(decoding: tally.bytes(.purge), as: UTF8.self)
    #expect(text == #"{"matched":5,"purged":2,"skipped":{"missing":2,"ready":1}}"#)
    let next = DeadTally(after: tally.bytes(.purge), of: .purge)
    #expect(next.done == 2 && next.matched == 2 && next.skipped.isEmpty)
    for spoilt in ["", "[]", #"{"purged":-4}"#, #"{"purged":"2"}"#, #"{"purged":1e300}"#] {
      #expect(DeadTally(after: Array(spoilt.utf8), of: .purge).done == 0, "\(spoilt)")
    }
  }
}
