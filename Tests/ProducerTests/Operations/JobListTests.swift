import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Job lists") struct JobListTests {
  @Test("pages of a state, in the order of claims, without a job twice or missing")
  func pages() async throws {
    try await withProducer { producer async throws in
      var ids: [String] = []
      for _ in 0..<7 { ids.append(try await producer.submitted().text) }
      var seen: [String] = []
      var path: String? = "/api/v1/jobs?queue=test&state=ready&limit=3"
      var pages = 0
      while let next = path {
        let answer = try await producer.http.get(next)
        #expect(answer.status == 200)
        let jobs = answer.json["jobs"].elements
        #expect(jobs.count <= 3)
        #expect(jobs.allSatisfy { $0["state"].string == "ready" && $0["kind"].string == "test.noop" })
        seen += jobs.compactMap { $0["id"].string }
        pages += 1
        // The Link is what a client follows that knows nothing of cursors.
        path = answer.headers["link"].map { String($0.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" }) }
        #expect((path == nil) == (answer.json["next_cursor"].string == nil))
      }
      #expect(seen == ids)
      #expect(pages == 3)
    }
  }

  @Test("over all states and queues; lists carry no results")
  func everything() async throws {
    try await withProducer { producer async throws in
      let worker = try producer.worker()
      let done = try await producer.submitted()
      try worker.finish("test", .success(Array(#"{"secret":1}"#.utf8)))
      let running = try await producer.submitted()
      _ = try worker.claim()
      let waiting = try await producer.submitted()
      let proof = try await producer.submitted(#"{"kind":"proof.inclusion","payload":{"leaves":["1"],"index":0}}"#)
      let answer = try await producer.http.get("/api/v1/jobs")
      let jobs = answer.json["jobs"].elements
      #expect(Set(jobs.compactMap { $0["id"].string }) == Set([done, running, waiting, proof].map(\.text)))
      #expect(!answer.text.contains("secret"))
      let succeeded = try #require(jobs.first { $0["id"].string == done.text })
      #expect(succeeded["error"].string == nil && succeeded["state"].string == "succeeded")
      let kinds = try await producer.http.get("/api/v1/jobs?kind=proof.inclusion").json["jobs"].elements
      #expect(kinds.compactMap { $0["id"].string } == [proof.text])
      let states = try await producer.http.get("/api/v1/jobs?state=running").json["jobs"].elements
      #expect(states.compactMap { $0["id"].string } == [running.text])
    }
  }

  @Test("elements that were pushed by hand are counted until they have ids")
  func unadopted() async throws {
    try await withProducer { producer async throws in
      try producer.redis.command("LPUSH", "wc:{test}:ready", #"{"kind":"test.noop","payload":{}}"#)
      let answer = try await producer.http.get("/api/v1/jobs?queue=test&state=ready")
      #expect(answer.json["jobs"].elements.isEmpty && answer.json["unadopted"].int == 1)
    }
  }

  @Test(
    "a filter that is wrong is named",
    arguments: [
      ("queue=A", "/queue"), ("state=gone", "/state"), ("limit=0", "/limit"), ("limit=501", "/limit"),
      ("limit=x", "/limit"),
      ("cursor=x", "/cursor"), ("cursor=test.ready.-1", "/cursor"), ("cursor=test.ready.01", "/cursor"),
      ("cursor=test.gone.1", "/cursor"), ("colour=red", "/colour"), ("limit=1&limit=2", "/limit"),
    ])
  func wrongFilter(query: String, pointer: String) async throws {
    try await withProducer { producer async throws in
      let answer = try await producer.http.get("/api/v1/jobs?\(query)")
      #expect(answer.status == 400 && answer.pointers == [pointer], "\(answer)")
    }
  }

  @Test("a kind with every sort of character survives the Link")
  func encodedKind() async throws {
    try await withProducer { producer async throws in
      for _ in 0..<3 { _ = try await producer.submitted() }
      let answer = try await producer.http.get(
        "/api/v1/jobs?kind=test.noop%26x%3D%20%22&limit=1&queue=test&state=ready")
      #expect(answer.status == 200 && answer.json["jobs"].elements.isEmpty)
      let all = try await producer.http.get("/api/v1/jobs?kind=test%2Enoop&limit=1&queue=test&state=ready")
      #expect(all.headers["link"]?.contains("kind=test.noop&") == true)
    }
  }
}

@Suite("List cursors") struct ListCursorTests {
  @Test func roundTrip() throws {
    let queue = try #require(QueueName("a-b_1"))
    for state in JobState.allCases {
      let cursor = ListCursor(queue: queue, state: state, offset: 12)
      #expect(ListCursor(cursor.text) == cursor)
    }
    for text in ["", ".", "..", "a.ready", "a.ready.1.2", "a.ready.", "a.ready.99999999999999999999", "A.ready.1"] {
      #expect(ListCursor(text) == nil)
    }
  }
}
