import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Enqueueing", .serialized)
  struct EnqueueTests {
    @Test("an accepted job has a place to look at, and is done later")
    func accepted() async throws {
      let stack = try await Stack(.workers(0))
      let answer = try await stack.submit("test.noop", "{}")
      #expect(answer.status == 202 && answer.headers["retry-after"] != nil, "\(answer)")
      let id = try #require(answer.json["id"].string)
      #expect(answer.headers["location"] == "/api/v1/jobs/\(id)")
      #expect(answer.json["state"].string == "ready" && answer.json["done"].bool == false)
      try await stack.startWorker()
      let job = try await stack.finished(id)
      #expect(job["state"].string == "succeeded" && job["attempts"].int == 1 && job["deliveries"].int == 1, "\(job)")
      #expect(try await stack.api.get("/api/v1/jobs/\(id)/result").status == 200)
    }

    @Test("a wait ends with the result, or with 202 when the time is over")
    func wait() async throws {
      let stack = try await Stack()
      let done = try await stack.submit("test.sleep", #"{"ms":50}"#, headers: ["Prefer": "wait=20"])
      #expect(done.status == 200 && done.json["state"].string == "succeeded", "\(done)")
      let open = try await stack.submit("test.sleep", #"{"ms":4000}"#, headers: ["Prefer": "wait=1"])
      #expect(open.status == 202 && open.json["done"].bool == false, "\(open)")
    }

    @Test("the same idempotency key: the same job; with another body: refused")
    func idempotency() async throws {
      let stack = try await Stack()
      let key = ["Idempotency-Key": "\"order-81\""]
      let first = try await stack.submit("test.noop", "{}", headers: key)
      let second = try await stack.submit("test.noop", "{}", headers: key)
      let other = try await stack.submit("test.sleep", #"{"ms":1}"#, headers: key)
      #expect(first.status == 202 && first.headers["idempotency-replayed"] == nil, "\(first)")
      #expect(second.json["id"] == first.json["id"] && second.headers["idempotency-replayed"] == "true", "\(second)")
      #expect(other.status == 422 && other.headers["content-type"] == "application/problem+json", "\(other)")
      _ = try await stack.finished(try #require(first.json["id"].string))
      #expect(try stack.counter("test", "enqueued") == 1)
    }

    @Test("what is wrong with a request is told by status and problem type")
    func refusals() async throws {
      let stack = try await Stack(.workers(0, ["MAX_PAYLOAD_BYTES": "4KiB"]))
      let cases: [(json: String, status: Int, slug: String?)] = [
        (#"{"kind":"#, 400, nil),
        (#"{"kind":"no.such","payload":{}}"#, 422, nil),
        (#"{"kind":"test.noop","payload":{},"colour":"red"}"#, 422, "colour"),
        (#"{"payload":{}}"#, 422, "kind"),
        (#"{"kind":"test.noop","payload":{"a":"\#(String(repeating: "x", count: 8000))"}}"#, 413, nil),
      ]
      for (json, status, word) in cases {
        let answer = try await stack.api.post("/api/v1/jobs", json: json)
        #expect(answer.status == status, "\(json.prefix(80)): \(answer)")
        #expect(answer.headers["content-type"] == "application/problem+json")
        #expect(answer.json["type"].string?.hasPrefix("/problems/") == true && answer.json["status"].int == status)
        if let word {
          #expect(answer.json["errors"].elements.contains { $0["pointer"].string == "/\(word)" }, "\(answer)")
        }
      }
      let form = try await stack.api.post("/api/v1/jobs", json: "{}", ["Content-Type": "text/plain"])
      #expect(form.status == 415, "\(form)")
      #expect(try await stack.api.get("/api/v1/jobs/test.01K9ZV3T7Q8M4N5P6R7S8T9V0W").status == 404)
      #expect(try stack.redis.command("LLEN", "wc:{test}:ready").int == 0)
    }

    @Test("bulk: 5,000 lines give 5,000 statuses, a wrong line its own, and every job is done")
    func bulk() async throws {
      let stack = try await Stack()
      var lines = (0..<5000).map { #"{"ref":"r\#($0)","kind":"test.noop","payload":{}}"# }
      lines[77] = #"{"ref":"r77","kind":"no.such","payload":{}}"#
      let answer = try await stack.api.request(
        "POST", "/api/v1/jobs/bulk", ["Content-Type": "application/x-ndjson"],
        body: Array((lines.joined(separator: "\n") + "\n").utf8))
      #expect(answer.status == 200, "\(answer)")
      let statuses = answer.jsonLines.filter { $0["status"] != .null }
      #expect(statuses.count == 5000)
      #expect(Set(statuses.compactMap { $0["id"].string }).count == 4999)
      #expect(statuses.filter { $0["status"].int == 202 }.count == 4999)
      #expect(statuses.first { $0["status"].int == 422 }?["ref"].string == "r77")
      try await eventually(within: .seconds(60), "4,999 jobs have succeeded") {
        try stack.counter("test", "succeeded") == 4999
      }
      #expect(try stack.redis.command("ZCARD", "wc:{test}:done").int == 4999)
    }
  }
}
