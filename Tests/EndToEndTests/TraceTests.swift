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

    /// Starts the receiver, and answers it with its port.
    private func receiver(busy: Int = 0) async throws -> (process: ChildProcess, port: Int) {
      let process = try ChildProcess(Oracles.python, ["-B", "\(Oracles.folder)/otlp_receiver.py", "\(busy)"])
      let line = try await process.line(containing: "listening ")
      return (process, try #require(line.split(separator: " ").last.flatMap { Int($0) }))
    }

    private func spans(_ receiver: ChildProcess) throws -> [JSONTree] {
      try receiver.outputLines.filter { $0.hasPrefix("spans ") }.flatMap { line in
        let parts = line.split(separator: " ", maxSplits: 3)
        #expect(parts[1] == "/otlp/v1/traces" && parts[2] == "sesame", "\(line)")
        return try JSONTree(String(parts[3])).elements
      }
    }

    @Test("a receiver of OTLP gets the spans of a job from both programs, one under the other")
    func exported() async throws {
      let (receiver, port) = try await receiver(busy: 1)
      let stack = try await Stack(
        .workers(
          1,
          [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(port)/otlp",
            "OTEL_EXPORTER_OTLP_HEADERS": "x-test=sesame",
            "BACKOFF_BASE": "1ms",
          ]))
      let canary = "canary-\(UInt32.random(in: 0...UInt32.max))"
      let answer = try await stack.submit(
        "test.fail", #"{"message":"\#(canary)","times":1}"#,
        headers: ["traceparent": "00-\(traceID)-00f067aa0ba902b7-01"])
      let id = try #require(answer.json["id"].string, "\(answer)")
      #expect(try await stack.finished(id)["state"].string == "succeeded")
      _ = try await stack.submit(
        "test.noop", "{}", headers: ["traceparent": "00-\(String(repeating: "a", count: 32))-00f067aa0ba902b7-00"])
      let own = try await stack.submit("test.noop", "{}", headers: ["Prefer": "wait=20"])
      let ownTrace = try #require(self.traceID(own))
      // The end of both programs sends what is left.
      for program in stack.workers + [stack.producer].compactMap({ $0 }) {
        program.terminate()
        #expect(try await program.waitForExit() == .status(0))
      }
      let all = try spans(receiver)
      #expect(!receiver.log.contains("invalid") && receiver.outputLines.contains("busy"), "\(receiver.log)")
      #expect(!receiver.log.contains(canary), "\(receiver.log)")

      let mine = all.filter { $0["trace"].string == traceID }
      let request = try #require(mine.first { $0["name"].string == "POST /api/v1/jobs" }, "\(mine)")
      #expect(request["parent"].string == "00f067aa0ba902b7" && request["kind"].string == "SPAN_KIND_SERVER")
      #expect(request["attributes"]["http.response.status_code"].int == 202)
      let send = try #require(mine.first { $0["name"].string == "send test" }, "\(mine)")
      #expect(send["parent"] == request["span"] && send["kind"].string == "SPAN_KIND_PRODUCER")
      #expect(send["service"].string == "whispercache-producer")
      #expect(send["span"].string.map { answer.headers["traceparent"]?.contains($0) == true } == true)
      let runs = mine.filter { $0["name"].string == "process test" }
        .sorted { ($0["start"].string ?? "") < ($1["start"].string ?? "") }
      try #require(runs.count == 2, "\(mine)")
      for run in runs {
        #expect(run["parent"] == send["span"] && run["kind"].string == "SPAN_KIND_CONSUMER")
        #expect(run["service"].string == "whispercache-worker")
        #expect(run["attributes"]["messaging.message.id"].string == id)
      }
      #expect(runs[0]["attributes"]["error.type"].string == "test_failure" && runs[0]["status"].int == 2)
      #expect(runs[1]["links"][0]["span"] == runs[0]["span"] && runs[0]["links"].elements.isEmpty)
      #expect(mine.count == 4, "\(mine)")

      #expect(!all.contains { $0["trace"].string?.hasPrefix("aaaa") == true }, "what is not sampled is not sent")
      let ownSpans = all.filter { $0["trace"].string == ownTrace }
      #expect(Set(ownSpans.compactMap { $0["name"].string }) == ["POST /api/v1/jobs", "send test", "process test"])
      #expect(ownSpans.filter { $0["parent"].string == "" }.count == 1, "\(ownSpans)")
    }

    @Test("a receiver that never answers neither slows jobs nor holds the end beyond its time")
    func silent() async throws {
      let silence = try await receiver()
      silence.process.pause()
      let stack = try await Stack(
        .workers(1, ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:\(silence.port)", "SHUTDOWN_TIMEOUT": "2s"]))
      for _ in 0..<50 { _ = try await stack.run("test.noop", "{}") }
      for program in stack.workers + [stack.producer].compactMap({ $0 }) {
        program.terminate()
        #expect(try await program.waitForExit(within: .seconds(10)) == .status(0))
      }
      silence.process.resume()
    }
  }
}
