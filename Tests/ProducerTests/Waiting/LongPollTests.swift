import HTTPWire
import Jobs
import RedisWire
import TestSupport
import Testing
import Transport

@testable import Producer

@Suite("Long polls")
struct LongPollTests {
  /// Waits until so many long polls listen at the producer.
  private static func settle(_ producer: LiveProducer, _ count: Int) async throws {
    try await eventually("\(count) long polls wait") { await producer.service.watch.waiting == count }
  }

  @Test("a POST that waits answers 200 with the result when the job is done in time")
  func postWaits() async throws {
    try await withProducer { producer in
      async let answer = producer.submit(#"{"kind":"test.noop","payload":{}}"#, ["Prefer": "wait=20"])
      try await Self.settle(producer, 1)
      try producer.worker().finish("test", .success(Array(#"{"n": 18446744073709551616}"#.utf8)))
      let done = try await answer
      #expect(done.status == 200, "\(done)")
      #expect(done.headers["preference-applied"] == "wait=20")
      #expect(done.json["state"].string == "succeeded")
      #expect(done.json["done"].bool == true)
      #expect(done.text.contains(#""result":{"n": 18446744073709551616}"#))
      #expect(done.json["error"] == .null)
      #expect(done.headers["location"] == "/api/v1/jobs/\(done.json["id"].string ?? "")")
    }
  }

  @Test("a client that ends its own side ends the wait and is told how the job stands")
  func halfClosed() async throws {
    try await withProducer { producer in
      let json = #"{"kind":"test.noop","payload":{}}"#
      let id = try await producer.submitted()
      for head in ["GET /api/v1/jobs/\(id)?wait=50", "POST /api/v1/jobs"] {
        let client = try RawClient(port: producer.http.port)
        let isPost = head.hasPrefix("POST")
        let fields = "Content-Type: application/json\r\nPrefer: wait=50\r\nContent-Length: \(json.utf8.count)\r\n"
        try await client.send("\(head) HTTP/1.1\r\nHost: x\r\n\(isPost ? fields : "")\r\n\(isPost ? json : "")")
        try await Self.settle(producer, 1)
        client.endSending()
        let answer = try await client.readAll()
        #expect(answer.hasPrefix("HTTP/1.1 \(isPost ? 202 : 200) "), "\(answer)")
        #expect(answer.contains(#""state":"ready""#))
      }
    }
  }

  @Test("a POST that waits in vain answers 202; respond-async answers at once", arguments: ["wait=1", "respond-async"])
  func postInVain(preference: String) async throws {
    try await withProducer { producer in
      let answer = try await producer.submit(#"{"kind":"test.noop","payload":{}}"#, ["Prefer": preference])
      #expect(answer.status == 202)
      #expect(answer.headers["preference-applied"] == preference)
      #expect(answer.json["state"].string == "ready")
    }
  }

  @Test("waits are capped at 55 s and read from field or query")
  func preferences() throws {
    #expect(WaitRequest(["Prefer": "wait=100"]).seconds == 55)
    #expect(WaitRequest(["Prefer": "wait=100"]).applied == "wait=55")
    #expect(WaitRequest(["Prefer": "respond-async, wait=10"]).seconds == 10)
    #expect(WaitRequest([:]).applied == nil)
    #expect(try WaitRequest(.init(.get, "/x?wait=7", headers: ["Host": "h", "Prefer": "wait=3"])).seconds == 7)
  }

  @Test("a query that is none is 400", arguments: ["wait=-1", "wait=x", "wait=1&wait=2", "weight=1", "wait=%zz"])
  func badQuery(query: String) async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      let answer = try await producer.http.get("/api/v1/jobs/\(id)?\(query)")
      #expect(answer.status == 400, "\(answer)")
    }
  }

  @Test("a GET that waits wakes with the settlement; progress in between does not end it")
  func getWaits() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      async let answer = producer.http.get("/api/v1/jobs/\(id)", ["Prefer": "wait=20"])
      try await Self.settle(producer, 1)
      let worker = try producer.worker()
      let jobs = try worker.claim()
      try worker.progress(jobs[0], #"{"percent":40}"#)
      try worker.settle(jobs, .dead(.permanent, error: "no such thing"))
      let done = try await answer
      #expect(done.status == 200)
      #expect(done.json["state"].string == "dead")
      #expect(done.json["error"]["reason"].string == "permanent")
      #expect(done.json["error"]["message"].string == "no such thing")
      #expect(done.json["progress"]["percent"].int == 40)
      #expect(done.json["result"] == .null)
      #expect(done.headers["preference-applied"] == "wait=20")
      try await eventually("the channel is given back") { await producer.service.watch.channels == 0 }
    }
  }

  @Test("a job that is done answers a wait at once")
  func alreadyDone() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      try producer.worker().finish()
      let answer = try await producer.http.get("/api/v1/jobs/\(id)?wait=50")
      #expect(answer.json["state"].string == "succeeded")
    }
  }

  @Test("with If-None-Match a wait ends with any change, and with 304 when there was none")
  func changes() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      let path = "/api/v1/jobs/\(id)"
      let first = try await producer.http.get(path)
      let tag = ["If-None-Match": try #require(first.headers["etag"])]
      #expect(try await producer.http.get(path, tag).status == 304)
      let silent = try await producer.http.get(path + "?wait=1", tag)
      #expect(silent.status == 304)
      #expect(silent.body.isEmpty)
      #expect(silent.headers["etag"] == first.headers["etag"])
      async let answer = producer.http.get(path + "?wait=20", tag)
      try await Self.settle(producer, 1)
      let worker = try producer.worker()
      let jobs = try worker.claim()
      try worker.progress(jobs[0], "1")
      let changed = try await answer
      #expect(changed.status == 200)
      #expect(changed.json["state"].string == "running")
      #expect(changed.json["worker"].string == "w-test")
      #expect(changed.headers["etag"] != first.headers["etag"])
    }
  }

  @Test("a job that is not there is 404, with and without a wait, whatever the id looks like")
  func unknown() async throws {
    try await withProducer { producer in
      for id in ["test.01K9ZV3T7Q8M4N5P6R7S8T9V0W", "nonsense", "a.b", "%00", "test.01k9zv3t7q8m4n5p6r7s8t9v0w"] {
        let answer = try await producer.http.get("/api/v1/jobs/\(id)?wait=20")
        #expect(answer.status == (id == "%00" ? 400 : 404), "\(answer)")
        #expect(answer.slug == (id == "%00" ? "malformed-path" : "job-not-found"))
      }
    }
  }

  @Test("after a lost subscription every waiter looks again")
  func reset() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      async let answer = producer.http.get("/api/v1/jobs/\(id)?wait=30")
      try await eventually("the channel is subscribed to") {
        try producer.redis.command("PUBSUB", "CHANNELS").elements.count == 1
      }
      try producer.redis.command("CLIENT", "KILL", "TYPE", "pubsub")
      try producer.worker().finish()
      #expect(try await answer.json["state"].string == "succeeded")
    }
  }

  @Test("a wait during which Redis goes away ends with 503")
  func outage() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      async let answer = producer.http.get("/api/v1/jobs/\(id)?wait=50")
      try await Self.settle(producer, 1)
      producer.redis.kill()
      let lost = try await answer
      #expect(lost.status == 503)
      #expect(lost.slug == "store-unavailable")
      #expect(lost.headers["retry-after"] == "1")
    }
  }

  @Test("a caller that goes away leaves no waiter behind")
  func disconnect() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      do {
        let socket = try BlockingSocket(to: .loopback(port: producer.http.port))
        try socket.write("GET /api/v1/jobs/\(id)?wait=50 HTTP/1.1\r\nHost: x\r\n\r\n")
        try await Self.settle(producer, 1)
      }
      try await Self.settle(producer, 0)
    }
  }

  @Test("a thousand long polls wait on one connection, and all get their result")
  func thousand() async throws {
    try await withProducer { producer in
      let lines = String(repeating: #"{"kind":"test.noop","payload":{}}"# + "\n", count: 1000)
      let ids = try await producer.bulk(lines).jsonLines.compactMap { $0["id"].string }
      #expect(ids.count == 1000)
      // Raw sockets: a thread for each of a thousand waits would say nothing about the producer.
      var clients: [RawClient] = []
      for id in ids {
        let client = try RawClient(port: producer.http.port)
        try await client.send("GET /api/v1/jobs/\(id)?wait=50 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        clients.append(client)
      }
      try await Self.settle(producer, 1000)
      let subscribers = try producer.redis.command("CLIENT", "LIST", "TYPE", "pubsub").text ?? ""
      #expect(subscribers.split(separator: "\n").count == 1)
      #expect(try await producer.http.get("/livez").status == 200)
      try producer.worker().finish()
      for client in clients {
        let text = try await client.readAll()
        #expect(text.hasPrefix("HTTP/1.1 200"))
        #expect(text.contains(#""state":"succeeded""#))
      }
      try await Self.settle(producer, 0)
    }
  }

  @Test("the end of the service ends long polls with the state of the moment")
  func shutdown() async throws {
    try await withProducer { producer in
      let id = try await producer.submitted()
      async let answer = producer.http.get("/api/v1/jobs/\(id)?wait=50")
      try await Self.settle(producer, 1)
      await producer.stop()
      let last = try await answer
      #expect(last.status == 200)
      #expect(last.json["state"].string == "ready")
    }
  }
}
