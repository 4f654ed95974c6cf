import Foundation
import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("POST /api/v1/jobs/bulk")
struct BulkRouteTests {
  private static let line = #"{"kind":"test.noop","payload":1}"# + "\n"

  /// A line of a large bulk and the status that it must get.
  private static func line(_ number: Int) -> (text: String, status: Int) {
    switch number % 1000 {
    case 3: (#"{"kind":"test.noop","payload":"# + "\n", 400)
    case 5: (#"{"kind":"test.nop","payload":1,"ref":"r\#(number)"}"# + "\n", 422)
    case 7: (#"{"kind":"test.noop","payload":1,"retries":1}"# + "\r\n", 422)
    case 9: (#"{"kind":"test.noop","payload":1,"queue":"other","ref":"r\#(number)"}"# + "\n", 202)
    default: (#"{"kind":"test.noop","payload":{"line":\#(number)}}"# + "\n", 202)
    }
  }

  @Test("20,000 lines, some of them bad: each has its answer, in order, and no bad one fails a good one")
  func large() async throws {
    try await withProducer { producer in
      var body = ""
      var expected: [Int] = []
      for line in 1...20_000 {
        let (text, status) = Self.line(line)
        body += text
        expected.append(status)
      }
      let answer = try await producer.bulk(body)
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "application/x-ndjson")
      let lines = answer.jsonLines
      try #require(lines.count == 20_001)
      #expect(lines.dropLast().map { $0["line"].int } == Array(1...20_000))
      #expect(lines.dropLast().map { $0["status"].int } == expected)
      #expect(lines[4]["ref"].string == "r5")
      #expect(lines[4]["error"]["type"].string == "/problems/unknown-kind")
      #expect(lines[6]["error"]["errors"][0]["pointer"].string == "/retries")
      #expect(lines[8]["ref"].string == "r9")
      #expect(lines[8]["id"].string?.hasPrefix("other.") == true)
      let summary = lines[20_000]["summary"]
      #expect(summary["total"].int == 20_000)
      #expect(summary["accepted"].int == 19_940)
      #expect(summary["failed"].int == 60)
      #expect(summary["errors"].bool == true)
      #expect(summary["complete"].bool == true)
      #expect(Set(lines.compactMap { $0["id"].string }).count == 19_940)
      #expect(try producer.redis.command("LLEN", "wc:{test}:ready").int == 19_920)
      #expect(try producer.redis.command("LLEN", "wc:{other}:ready").int == 20)
      let first = try #require(lines[0]["id"].string)
      #expect(try producer.redis.command("HGET", "wc:{test}:job:\(first)", "payload").text == "{\"line\":1}")
    }
  }

  @Test("keys replay within a bulk and over bulks; blank lines are passed over and counted as lines")
  func keys() async throws {
    try await withProducer { producer in
      let line = #"{"kind":"test.noop","payload":1,"idempotency_key":"a"}"#
      let first = try await producer.bulk("\n\(line)\n  \n\(line)\n" + line.replacing("1", with: "2")).jsonLines
      #expect(first.map { $0["line"].int } == [2, 4, 5, nil])
      #expect(first.map { $0["status"].int } == [202, 202, 422, nil])
      #expect(first[1]["replayed"].bool == true)
      #expect(first[1]["id"] == first[0]["id"])
      #expect(first[2]["error"]["type"].string == "/problems/idempotency-key-reused")
      let second = try await producer.bulk(line + "\n").jsonLines
      #expect(second[0]["id"] == first[0]["id"])
      #expect(second[1]["summary"]["replayed"].int == 1)
    }
  }

  @Test("unique keys and full queues are refusals of their line alone")
  func refusals() async throws {
    try await withProducer(["MAX_QUEUE_DEPTH": "2"]) { producer in
      let unique = #"{"kind":"test.noop","payload":1,"unique":{"key":"u","ttl":"1h"}}"#
      let plain = #"{"kind":"test.noop","payload":1}"#
      let lines = try await producer.bulk([unique, unique, plain, plain].joined(separator: "\n")).jsonLines
      #expect(lines.dropLast().map { $0["status"].int } == [202, 409, 202, 503])
      #expect(lines[1]["error"]["existing"].string == lines[0]["id"].string)
      #expect(lines[3]["error"]["type"].string == "/problems/queue-full")
      #expect(lines[3]["retryable"].bool == true)
      #expect(lines[1]["retryable"] == .null)
    }
  }

  @Test("a line beyond its limit is 413, and the next one is read")
  func longLine() async throws {
    try await withProducer(["MAX_PAYLOAD_BYTES": "1KiB"]) { producer in
      let endless = String(repeating: "x", count: 300_000)
      let long = String(repeating: "x", count: 2000)
      let good = #"{"kind":"test.noop","payload":1}"#
      let lines = try await producer.bulk(
        "\(endless)\n{\"kind\":\"test.noop\",\"payload\":\"\(long)\"}\n\(good)\n"
      ).jsonLines
      #expect(lines.dropLast().map { $0["status"].int } == [413, 413, 202])
    }
  }

  @Test("a good line before more bad ones than may wait is sent, and all are answered")
  func badAfterGood() async throws {
    try await withProducer { producer in
      let body = Self.line + String(repeating: "x\n", count: 20_000)
      let client = try RawClient(port: producer.http.port)
      try await client.beginBulk(length: body.utf8.count)
      try await client.send(body)
      let summary = try #require(try await client.readAll().split(separator: "\n").last { $0.contains("summary") })
      #expect(summary.contains(#""total":20001,"accepted":1,"replayed":0,"failed":20000"#), "\(summary)")
    }
  }

  @Test("what is no bulk is refused before anything is read")
  func refused() async throws {
    try await withProducer { producer in
      let json = try await producer.http.post("/api/v1/jobs/bulk", json: "{}")
      #expect(json.status == 415)
      #expect(json.headers["accept"] == "application/x-ndjson")
      let empty = try await producer.http.request(
        "POST", "/api/v1/jobs/bulk", ["Content-Type": "application/x-ndjson"])
      #expect(empty.status == 400)
      #expect(empty.slug == "empty-body")
    }
  }

  @Test("answers come while the body is still being sent")
  func streamed() async throws {
    try await withProducer { producer in
      let client = try RawClient(port: producer.http.port)
      try await client.beginBulk(length: nil)
      for line in 1...3 {
        let text = "{\"kind\":\"test.noop\",\"payload\":\(line)}\n"
        try await client.send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
        try await client.read(until: "\"line\":\(line),")
      }
      try await client.send("0\r\n\r\n")
      #expect(try await client.readAll().contains(#""total":3,"accepted":3"#))
    }
  }

  @Test("behind a proxy nothing is answered before the end of the body, though the jobs are in")
  func held() async throws {
    try await withProducer { producer in
      for (number, field) in ["X-Forwarded-For: 10.0.0.1\r\n", "Forwarded: for=10.0.0.1\r\n", "Via: 1.1 x\r\n"]
        .enumerated()
      {
        let client = try RawClient(port: producer.http.port)
        try await client.beginBulk(length: Self.line.utf8.count * 2, fields: field)
        try await client.send(Self.line)
        try await eventually("the job is in") {
          try producer.redis.command("LLEN", "wc:{test}:ready").int == number * 2 + 1
        }
        // Others are served meanwhile, so that an answer to the line would have had its turn.
        #expect(try await producer.http.get("/readyz").status == 200)
        #expect(!client.hasUnread)
        try await client.send(Self.line)
        #expect(
          try await client.readAll().contains(
            #""total":2,"accepted":2,"replayed":0,"failed":0,"errors":false,"complete":true"#))
      }
    }
  }

  @Test(
    "behind a proxy a bulk as long as may be is taken whole before anything is read of the answer, and a longer one as far as that"
  )
  func heldWhole() async throws {
    try await withProducer { producer in
      for (good, bad, expected) in [
        (60_000, 5_000, #""total":65000,"accepted":60000,"replayed":0,"failed":5000,"errors":true,"complete":true"#),
        (
          80_000, 0,
          #""total":65536,"accepted":65536,"replayed":0,"failed":0,"errors":false,"complete":false,"stopped":"too-long-behind-a-proxy""#
        ),
        // Each of these has a longer answer.
        (1, 60_000, #""complete":false,"stopped":"too-long-behind-a-proxy""#),
      ] {
        let body = String(repeating: Self.line, count: good) + String(repeating: "x\n", count: bad)
        let client = try RawClient(port: producer.http.port)
        try await client.beginBulk(length: body.utf8.count, fields: "X-Forwarded-For: 10.0.0.1\r\n")
        try await client.send(body)
        let summary = try #require(try await client.readAll().split(separator: "\n").last { $0.contains("summary") })
        #expect(summary.contains(expected), "\(summary)")
      }
    }
  }

  @Test("behind a proxy the end of the service is told too, and a caller who goes leaves nothing behind")
  func heldEnds() async throws {
    try await withProducer { producer in
      for _ in 0..<40 {
        let gone = try RawClient(port: producer.http.port)
        try await gone.beginBulk(length: 1_000_000, fields: "Via: 1.1 x\r\n")
        try await gone.send(Self.line)
      }
      // More than 32 at once would be refused.
      try await eventually("those that went are forgotten") {
        try await producer.bulk(Self.line).status == 200
      }
      let client = try RawClient(port: producer.http.port)
      try await client.beginBulk(length: 1_000_000, fields: "Via: 1.1 x\r\n")
      try await client.send(Self.line)
      let before = try producer.redis.command("LLEN", "wc:{test}:ready").int ?? 0
      try await eventually("the job is in") {
        try (producer.redis.command("LLEN", "wc:{test}:ready").int ?? 0) >= max(before, 1)
      }
      await producer.stop()
      try await client.read(until: #""complete":false,"stopped":"shutting-down""#)
    }
  }

  @Test("lines that meet an outage are 503 and retryable, the others stand, and the stream goes on")
  func outage() async throws {
    try await withProducer { producer in
      let client = try RawClient(port: producer.http.port)
      try await client.beginBulk(length: Self.line.utf8.count * 3)
      try await client.send(Self.line)
      try await client.read(until: #""line":1,"status":202"#)
      producer.redis.kill()
      try await client.send(Self.line)
      try await client.read(until: #""line":2,"status":503,"retryable":true"#)
      #expect(client.seen.contains("/problems/store-unavailable"))
      try producer.redis.start()
      try await eventually("the producer is ready again") {
        try await producer.http.get("/readyz").status == 200
      }
      try await client.send(Self.line)
      try await client.read(until: #""line":3,"status":202"#)
      try await client.read(until: #""accepted":2,"replayed":0,"failed":1"#)
    }
  }

  @Test("a bulk that begins while Redis is away is refused as a whole")
  func away() async throws {
    try await withProducer { producer in
      producer.redis.kill()
      try await eventually("the producer notices") { try await producer.http.get("/readyz").status == 503 }
      let answer = try await producer.bulk(Self.line)
      #expect(answer.status == 503)
      #expect(answer.slug == "store-unavailable")
      #expect(answer.headers["retry-after"] == "1")
    }
  }

  @Test("a caller who reads no answers is not read from without end, and others are served meanwhile")
  func backpressure() async throws {
    try await withProducer { producer in
      let line = #"{"kind":"test.noop","payload":1,"queue":"Q"}"# + "\n"
      let block = Array(String(repeating: line, count: 20_000).utf8)
      let client = try RawClient(port: producer.http.port, timeout: .seconds(1))
      try await client.beginBulk(length: block.count * 1000)
      var sent = 0
      await #expect(throws: SupportError.self) {
        while sent < 200 {
          try await client.send(block)
          sent += 1
        }
      }
      #expect(sent < 200)
      #expect(try await producer.submit().status == 202)
    }
  }

  @Test("the end of the service ends a bulk after what was read, and says so")
  func shutdown() async throws {
    try await withProducer { producer in
      let client = try RawClient(port: producer.http.port)
      try await client.beginBulk(length: 1_000_000)
      try await client.send(Self.line)
      try await client.read(until: #""line":1,"status":202"#)
      await producer.stop()
      try await client.read(until: #""complete":false,"stopped":"shutting-down""#)
    }
  }
}
