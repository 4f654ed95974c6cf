import HTTPWire
import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Idempotency-Key")
struct IdempotencyTests {
  @Test("the same key and body is the same job, bare or quoted, and says so")
  func replay() async throws {
    try await withProducer { producer in
      let body = #"{"kind":"test.noop","payload":{}}"#
      let first = try await producer.submit(body, ["Idempotency-Key": "order-81"])
      #expect(first.status == 202)
      #expect(first.headers["idempotency-replayed"] == nil)
      for key in ["order-81", "\"order-81\""] {
        let again = try await producer.submit(body, ["Idempotency-Key": key])
        #expect(again.status == 202)
        #expect(again.json["id"] == first.json["id"])
        #expect(again.headers["idempotency-replayed"] == "true")
      }
      #expect(try producer.redis.command("LLEN", "wc:{test}:ready").int == 1)
      try producer.worker().finish()
      let done = try await producer.submit(body, ["Idempotency-Key": "order-81"])
      #expect(done.status == 200)
      #expect(done.json["state"].string == "succeeded")
      #expect(try producer.redis.command("KEYS", "*order-81*").elements.isEmpty)
    }
  }

  @Test("the same key with another body is 422 and makes no job")
  func reused() async throws {
    try await withProducer { producer in
      _ = try await producer.submit(#"{"kind":"test.noop","payload":1}"#, ["Idempotency-Key": "k"])
      let answer = try await producer.submit(#"{"kind":"test.noop","payload":2}"#, ["Idempotency-Key": "k"])
      #expect(answer.status == 422)
      #expect(answer.slug == "idempotency-key-reused")
      #expect(try producer.redis.command("LLEN", "wc:{test}:ready").int == 1)
    }
  }

  @Test("a key whose job is deleted answers 410, never an id without a job")
  func trimmed() async throws {
    try await withProducer { producer in
      let body = #"{"kind":"test.noop","payload":1}"#
      let first = try await producer.submit(body, ["Idempotency-Key": "k"])
      try producer.worker().finish()
      try producer.redis.command("DEL", "wc:{test}:job:\(try #require(first.json["id"].string))")
      let answer = try await producer.submit(body, ["Idempotency-Key": "k"])
      #expect(answer.status == 410)
      #expect(answer.slug == "trimmed")
    }
  }

  @Test("two producers at once on one key make one job")
  func race() async throws {
    let redis = try RedisServer()
    try await withProducer(redis: redis) { one in
      try await withProducer(redis: redis) { two in
        let body = #"{"kind":"test.noop","payload":1}"#
        for round in 0..<20 {
          let key = ["Idempotency-Key": "race-\(round)"]
          async let a = one.submit(body, key)
          async let b = two.submit(body, key)
          let answers = try await [a, b]
          #expect(answers.allSatisfy { $0.status == 202 })
          #expect(answers[0].json["id"] == answers[1].json["id"])
          #expect(answers.filter { $0.headers["idempotency-replayed"] == "true" }.count == 1)
        }
        #expect(try redis.command("LLEN", "wc:{test}:ready").int == 20)
      }
    }
  }

  @Test(
    "keys are read as the draft says",
    arguments: [
      ("plain-1", "plain-1"), ("\"a b\"", "a b"), (#""q\"\\""#, #"q"\"#), ("a b", nil), ("\"open", nil), ("\"", nil),
      ("\"\"", nil), ("", nil), (#""a"b""#, nil), (#""\x""#, nil), (#""end\""#, nil), ("tab\u{9}", nil), ("é", nil),
      (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
      (String(repeating: "k", count: 256), nil),
    ] as [(String, String?)])
  func parsing(text: String, key: String?) {
    #expect(IdempotencyKey.parse(text) == key)
  }

  @Test("a key that is none, or two of them, is 400")
  func invalid() async throws {
    try await withProducer { producer in
      let answer = try await producer.submit(
        #"{"kind":"test.noop","payload":1}"#, ["Idempotency-Key": String(repeating: "k", count: 256)])
      #expect(answer.status == 400)
      #expect(answer.slug == "invalid-idempotency-key")
    }
    #expect(throws: Problem.self) {
      _ = try IdempotencyKey.read(["Idempotency-Key": "a", "idempotency-key": "b"])
    }
    #expect(try IdempotencyKey.read(["Other": "a"]) == nil)
  }

  @Test("no mutation of a key ends the process")
  func mutations() {
    var random = SeededGenerator()
    let seeds = ["\"a\\\"b\"", "plain", "\"\\\\\""].map { Array($0.utf8) }
    for round in 0..<100_000 {
      let text = String(decoding: random.mutate(seeds[round % 3]), as: UTF8.self)
      if let key = IdempotencyKey.parse(text) { #expect((1...255).contains(key.utf8.count), "\(random)") }
    }
  }
}
