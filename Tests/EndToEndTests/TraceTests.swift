import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Traces", .serialized)
  struct TraceTests {
    private let traceID = "4bf92f3577b34da6a3ce929d0e0e4736"

    /// The worker's lines about a job.
    private func logged(_ stack: Stack, of id: String) throws -> [JSONTree] {
      stack.workers.flatMap(\.errorLines).filter { $0.contains(id) }.compactMap { try? JSONTree($0) }
    }

    private func traceID(_ answer: PlainHTTP.Answer) -> String? {
      answer.headers["traceparent"].map { String($0.dropFirst(3).prefix(32)) }
    }

    @Test("the caller's trace is in the worker's lines of every attempt and in every answer")
    func continued() async throws {
      let stack = try await Stack(.workers(1, ["LOG_LEVEL": "debug", "BACKOFF_BASE": "1ms"]))
      for flag in ["01", "00"] {
        let answer = try await stack.submit(
          "test.fail", #"{"message":"again","times":2}"#,
          headers: ["traceparent": "00-\(traceID)-00f067aa0ba902b7-\(flag)"])
        let id = try #require(answer.json["id"].string, "\(answer)")
        let kept = try #require(answer.headers["traceparent"])
        #expect(traceID(answer) == traceID && kept.hasSuffix(flag) && !kept.contains("00f067aa0ba902b7"))
        #expect(try await stack.finished(id)["state"].string == "succeeded")
        for path in ["/api/v1/jobs/\(id)", "/api/v1/jobs/\(id)/result"] {
          #expect(try await stack.api.get(path).headers["traceparent"] == kept, "\(path)")
        }
        let lines = try await eventually(
          "three attempts are logged",
          value: {
            let lines = try logged(stack, of: id)
            return lines.count >= 3 ? lines : nil
          })
        #expect(lines.filter { $0["msg"].string == "attempt failed, another follows" }.count == 2, "\(lines)")
        #expect(lines.allSatisfy { $0["traceId"].string == traceID }, "\(lines)")
      }
      let requests = try #require(stack.producer).errorLines.filter { $0.contains(#""msg":"request""#) }
      #expect(requests.contains { $0.contains(traceID) }, "\(requests)")
    }

    @Test("without one each job has its own, also in a bulk and pushed by hand")
    func own() async throws {
      let stack = try await Stack(.workers(1, ["LOG_LEVEL": "debug"]))
      let single = try await stack.enqueue("test.noop", "{}")
      let body = #"{"kind":"test.noop","payload":{}}"#
      let bulk = try await stack.api.request(
        "POST", "/api/v1/jobs/bulk", ["Content-Type": "application/x-ndjson"], body: Array("\(body)\n\(body)\n".utf8))
      try stack.redis.command("LPUSH", "wc:{test}:ready", body)
      let ids = try await eventually(
        "four jobs are done",
        value: {
          let ids = try stack.redis.command("ZRANGE", "wc:{test}:done", "0", "-1").elements.compactMap(\.text)
          return ids.count == 4 ? ids : nil
        })
      #expect(ids.contains(single) && bulk.jsonLines.prefix(2).allSatisfy { ids.contains($0["id"].string ?? "") })
      var seen: Set<String> = []
      for id in ids {
        let answer = try await stack.api.get("/api/v1/jobs/\(id)")
        let trace = try #require(traceID(answer), "\(answer)")
        let lines = try await eventually(
          "\(id) is logged",
          value: {
            let lines = try logged(stack, of: id)
            return lines.isEmpty ? nil : lines
          })
        #expect(lines.allSatisfy { $0["traceId"].string == trace }, "\(lines)")
        seen.insert(trace)
      }
      #expect(seen.count == 4)
    }
  }
}
