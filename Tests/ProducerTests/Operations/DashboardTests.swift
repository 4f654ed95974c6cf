import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Dashboard files") struct DashboardTests {
  @Test("three files, strict policy, tags", arguments: ["/", "/dashboard.css", "/dashboard.js"])
  func files(path: String) async throws {
    try await withProducer { producer async throws in
      let answer = try await producer.http.get(path)
      #expect(answer.status == 200 && !answer.text.isEmpty)
      let policy = try #require(answer.headers["content-security-policy"])
      #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
      #expect(answer.headers["x-content-type-options"] == "nosniff")
      let again = try await producer.http.get(path, ["If-None-Match": answer.headers["etag"] ?? ""])
      #expect(again.status == 304)
    }
  }

  @Test("they name no other host, have no inline script or style, and are small")
  func selfContained() {
    let files = ["index.html", "dashboard.css", "dashboard.js"].map {
      String(decoding: WebFiles.bytes($0), as: UTF8.self)
    }
    #expect(files.allSatisfy { !$0.isEmpty })
    #expect(files.reduce(0) { $0 + $1.utf8.count } <= 60_000)
    for file in files {
      #expect(!file.replacing("http://www.w3.org/2000/svg", with: "").contains("http://") && !file.contains("https://"))
      #expect(!file.contains("innerHTML") && !file.contains("eval(") && !file.contains("insertAdjacentHTML"))
    }
    #expect(!files[0].contains("style=") && !files[0].contains("onclick") && !files[0].contains("<style"))
    #expect(WebFiles.bytes("other").isEmpty)
  }
}

@Suite("Statistics") struct StatsRouteTests {
  @Test("queues and the last hour, this minute last")
  func stats() async throws {
    try await withProducer { producer async throws in
      for _ in 0..<3 { _ = try await producer.submitted() }
      try producer.worker().finish()
      let answer = try await producer.http.get("/api/v1/stats")
      #expect(answer.status == 200)
      let test = answer.json["queues"].elements.first { $0["name"].string == "test" }
      #expect(test?["counts"]["done"].int == 3 && test?["counts"]["ready"].int == 0)
      let history = answer.json["history"].elements
      #expect(history.count == 60)
      // The minute may have turned between the two calls.
      let sum = { (name: String) in history.suffix(2).reduce(0) { $0 + ($1[name].int ?? 0) } }
      #expect(sum("enqueued") == 3 && sum("succeeded") == 3 && sum("dead") == 0)
      #expect(history.last?["at"].string?.hasSuffix(":00.000Z") == true)
      #expect(try await producer.http.get("/api/v1/stats?x=1").status == 400)
      producer.redis.kill()
      #expect(try await producer.http.get("/api/v1/stats").status == 503)
    }
  }
}
