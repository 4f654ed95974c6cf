import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Dead letters") struct DeadRouteTests {
  /// Two that failed alike, one that failed otherwise.
  private static func letters(_ producer: LiveProducer) async throws -> [JobID] {
    let worker = try producer.worker()
    var ids: [JobID] = []
    for error in ["no disk\nat line 1", "no disk\nat line 2", "bad input"] {
      ids.append(try await producer.submitted())
      try worker.finish("test", .dead(error == "bad input" ? .permanent : .exhausted, error: error))
    }
    return ids
  }

  private static func ids(_ answer: PlainHTTP.Answer) -> Set<String> {
    Set(answer.json["jobs"].elements.compactMap { $0["id"].string })
  }

  @Test("lists by reason, text and time")
  func list() async throws {
    try await withProducer { producer async throws in
      let ids = try await Self.letters(producer).map(\.text)
      let all = try await producer.http.get("/api/v1/dead")
      #expect(Self.ids(all) == Set(ids))
      #expect(all.json["jobs"].elements.first?["error"]["message"].string != nil)
      let cases: [(String, Set<String>)] = [
        ("reason=permanent", [ids[2]]), ("error=disk", [ids[0], ids[1]]), ("error=line%202", [ids[1]]),
        ("kind=test.noop", Set(ids)), ("kind=other", []), ("queue=proof", []), ("since=2000-01-01T00:00:00Z", Set(ids)),
        ("until=2000-01-01T00:00:00Z", []), ("since=2999-01-01T00:00:00Z", []),
      ]
      for (query, expected) in cases {
        #expect(Self.ids(try await producer.http.get("/api/v1/dead?\(query)")) == expected, "\(query)")
      }
    }
  }

  @Test("groups by the first line of the error, the largest first")
  func groups() async throws {
    try await withProducer { producer async throws in
      let ids = try await Self.letters(producer).map(\.text)
      let answer = try await producer.http.get("/api/v1/dead?group_by=error")
      let groups = answer.json["groups"].elements
      #expect(groups.map { $0["error"].string } == ["no disk", "bad input"])
      #expect(groups.map { $0["count"].int } == [2, 1])
      #expect(
        groups.first?["reason"].string == "exhausted" && ids.prefix(2).contains(groups.first?["example"].string ?? ""))
      #expect(answer.json["complete"].bool == true)
      let filtered = try await producer.http.get("/api/v1/dead?group_by=error&reason=permanent")
      #expect(filtered.json["groups"].elements.count == 1)
    }
  }

  @Test("requeues exactly the filter, after a dry run that changes nothing")
  func requeueByFilter() async throws {
    try await withProducer { producer async throws in
      let ids = try await Self.letters(producer).map(\.text)
      let dry = try await producer.http.post(
        "/api/v1/dead/requeue", json: #"{"filter":{"error":"disk"},"dry_run":true}"#)
      #expect(dry.status == 200 && dry.json["matched"].int == 2 && dry.json["requeued"].int == 0)
      #expect(dry.json["dry_run"].bool == true)
      #expect(Self.ids(try await producer.http.get("/api/v1/dead")).count == 3)
      let real = try await producer.http.post("/api/v1/dead/requeue", json: #"{"filter":{"error":"disk"}}"#)
      #expect(real.json["matched"].int == 2 && real.json["requeued"].int == 2 && real.json["complete"].bool == true)
      #expect(Self.ids(try await producer.http.get("/api/v1/dead")) == [ids[2]])
      #expect(Self.ids(try await producer.http.get("/api/v1/jobs?state=ready")) == Set(ids.prefix(2)))
    }
  }

  @Test("requeues and purges by ids, and says of the others why not")
  func ids() async throws {
    try await withProducer { producer async throws in
      let ids = try await Self.letters(producer).map(\.text)
      let waiting = try await producer.submitted().text
      let json = #"{"ids":["\#(ids[0])","\#(waiting)","test.01ARZ3NDEKTSV4RRFFQ69G5FAV"]}"#
      let purged = try await producer.http.post("/api/v1/dead/purge", json: json)
      #expect(purged.json["matched"].int == 1 && purged.json["purged"].int == 1)
      let skipped = purged.json["skipped"].elements
      #expect(skipped.map { $0["reason"].string } == ["ready", "missing"])
      #expect(try await producer.http.get("/api/v1/jobs/\(ids[0])").status == 404)
      #expect(try await producer.http.get("/api/v1/jobs/\(waiting)").json["state"].string == "ready")
    }
  }

  @Test("a limit stops, and says that there is more")
  func limit() async throws {
    try await withProducer { producer async throws in
      _ = try await Self.letters(producer)
      let first = try await producer.http.post("/api/v1/dead/purge", json: #"{"filter":{},"limit":2}"#)
      #expect(first.json["purged"].int == 2 && first.json["complete"].bool == false)
      let second = try await producer.http.post("/api/v1/dead/purge", json: #"{"filter":{},"limit":2}"#)
      #expect(second.json["purged"].int == 1 && second.json["complete"].bool == true)
    }
  }

  @Test(
    "a selection that is wrong changes nothing",
    arguments: [
      ("{}", "/ids"), (#"{"ids":[]}"#, "/ids"), (#"{"ids":["x"]}"#, "/ids/0"),
      (#"{"filter":{"reason":"bored"}}"#, "/filter/reason"),
      (#"{"filter":{"since":"yesterday"}}"#, "/filter/since"), (#"{"filter":{"colour":1}}"#, "/filter/colour"),
      (#"{"filter":{},"limit":0}"#, "/limit"), (#"{"filter":{},"dry_run":1}"#, "/dry_run"), ("[]", ""),
    ])
  func wrongSelections(json: String, pointer: String) async throws {
    try await withProducer { producer async throws in
      for verb in ["requeue", "purge"] {
        let answer = try await producer.http.post("/api/v1/dead/\(verb)", json: json)
        #expect(answer.status == 422 && answer.pointers.first == pointer, "\(answer)")
      }
    }
  }

  @Test("wrong queries are named, a lost Redis is 503")
  func trouble() async throws {
    try await withProducer { producer async throws in
      for (query, pointer) in [
        ("reason=x", "/reason"), ("group_by=kind", "/group_by"), ("state=dead", "/state"), ("since=x", "/since"),
      ] {
        let answer = try await producer.http.get("/api/v1/dead?\(query)")
        #expect(answer.status == 400 && answer.pointers == [pointer], "\(answer)")
      }
      producer.redis.kill()
      #expect(try await producer.http.get("/api/v1/dead").status == 503)
      #expect(try await producer.http.post("/api/v1/dead/purge", json: #"{"filter":{}}"#).status == 503)
    }
  }
}
