import Jobs
import TestSupport
import Testing

@testable import Producer

@Suite("Schedules over HTTP") struct ScheduleRouteTests {
  private static let path = "/api/v1/schedules/nightly"
  private static let job = #"{"kind":"test.noop","payload":{"n":1},"max_attempts":2}"#

  static func put(
    _ producer: LiveProducer, _ json: String, path: String = path, _ headers: [String: String] = [:]
  ) async throws -> PlainHTTP.Answer {
    try await producer.http.request(
      "PUT", path, ["Content-Type": "application/json"].merging(headers) { $1 }, body: Array(json.utf8))
  }

  @Test("is made, shown, listed, changed and deleted")
  func life() async throws {
    try await withProducer { producer async throws in
      #expect(try await producer.http.get(Self.path).slug == "schedule-not-found")
      let made = try await Self.put(
        producer, #"{"cron":"30 2 * * *","tz":"Europe/Berlin","overlap":"allow","catch_up":true,"job":\#(Self.job)}"#)
      #expect(made.status == 201 && made.headers["location"] == Self.path, "\(made)")
      #expect(made.json["name"].string == "nightly" && made.json["cron"].string == "30 2 * * *")
      #expect(made.json["tz"].string == "Europe/Berlin" && made.json["overlap"].string == "allow")
      #expect(made.json["catch_up"].bool == true && made.json["paused"].bool == false)
      #expect(made.json["job"]["payload"]["n"].int == 1 && made.json["job"]["max_attempts"].int == 2)
      #expect(made.json["next_runs"].elements.count == 5)
      #expect(made.json["next_runs"].elements.first?.string == made.json["next_run_at"].string)
      #expect(made.json["last_run"] == .null && made.json["enqueued"].int == 0)
      let shown = try await producer.http.get(Self.path)
      #expect(shown.status == 200 && shown.body == made.body)
      let list = try await producer.http.get("/api/v1/schedules")
      #expect(list.json["schedules"].elements.map { $0["name"].string } == ["nightly"])
      let paused = try await Self.put(producer, #"{"cron":"@daily","paused":true,"job":\#(Self.job)}"#)
      #expect(paused.status == 200 && paused.json["paused"].bool == true && paused.json["next_run_at"].string == nil)
      #expect(paused.json["tz"].string == "UTC" && paused.json["overlap"].string == "skip")
      #expect(paused.json["created_at"].string == made.json["created_at"].string)
      #expect(paused.json["next_runs"].elements.isEmpty)
      // Without a job the one that there is stays.
      let kept = try await Self.put(producer, #"{"cron":"@hourly"}"#)
      #expect(kept.status == 200 && kept.json["job"] == made.json["job"] && kept.json["cron"].string == "@hourly")
      #expect(try await producer.http.request("DELETE", Self.path).status == 204)
      #expect(try await producer.http.request("DELETE", Self.path).slug == "schedule-not-found")
      #expect(try await producer.http.request("POST", Self.path + "/run").slug == "schedule-not-found")
      #expect(try await producer.http.get("/api/v1/schedules").json["schedules"].elements.isEmpty)
    }
  }

  @Test(
    "every wrong field is named, and nothing is written",
    arguments: [
      (#"{}"#, ["/cron"]), (#"{"cron":"@daily"}"#, ["/job"]), (#"{"cron":"@daily","job":null}"#, ["/job"]),
      (#"{"cron":"61 * * * *","job":J}"#, ["/cron"]),
      (#"{"cron":"@every 1","job":J}"#, ["/cron"]), (#"{"cron":5,"job":J}"#, ["/cron"]),
      (#"{"cron":"@daily","tz":"Mars/Base","job":J}"#, ["/tz"]),
      (#"{"cron":"@daily","tz":"../etc/passwd","job":J}"#, ["/tz"]),
      (#"{"cron":"@daily","overlap":"queue","job":J}"#, ["/overlap"]),
      (#"{"cron":"@daily","catch_up":1,"job":J}"#, ["/catch_up"]),
      (#"{"cron":"@daily","crom":1,"job":J}"#, ["/crom"]), (#"{"cron":"@daily","job":[]}"#, ["/job"]),
      (#"{"cron":"@daily","job":{"kind":"test.noop"}}"#, ["/job/payload"]),
      (#"{"cron":"@daily","job":{"kind":"test.nope","payload":{}}}"#, ["/job/kind"]),
      (#"{"cron":"@daily","job":{"kind":"test.noop","payload":{},"delay":"5s"}}"#, ["/job"]),
      (
        #"{"cron":"@daily","job":{"kind":"test.noop","payload":{},"unique":{"key":"k","ttl":"1h"}}}"#, ["/job/unique"]
      ),
    ])
  func wrong(json: String, pointers: [String]) async throws {
    try await withProducer { producer async throws in
      let answer = try await Self.put(producer, json.replacing("J", with: Self.job))
      #expect(answer.status == 422 && answer.slug == "invalid-schedule", "\(answer)")
      #expect(answer.pointers.sorted() == pointers, "\(answer)")
      #expect(try await producer.http.get(Self.path).status == 404)
    }
  }

  @Test("a name that is none is refused, and found nowhere")
  func names() async throws {
    try await withProducer { producer async throws in
      let answer = try await Self.put(
        producer, #"{"cron":"@daily","job":\#(Self.job)}"#, path: "/api/v1/schedules/Nightly")
      #expect(answer.status == 422 && answer.slug == "invalid-schedule")
      #expect(try await producer.http.get("/api/v1/schedules/Nightly").status == 404)
      #expect(try await Self.put(producer, "{").slug == "malformed-json")
    }
  }

  @Test("a run by hand puts a job in now; with overlap skip the one that has not ended is in its way")
  func byHand() async throws {
    try await withProducer { producer async throws in
      let made = try await Self.put(producer, #"{"cron":"@yearly","job":\#(Self.job)}"#)
      #expect(made.status == 201)
      let run = try await producer.http.request("POST", Self.path + "/run")
      let id = try #require(run.json["id"].string)
      #expect(run.status == 202 && run.headers["location"] == "/api/v1/jobs/\(id)")
      let again = try await producer.http.request("POST", Self.path + "/run")
      #expect(again.status == 409 && again.slug == "duplicate-job" && again.json["existing"].string == id)
      let worker = try producer.worker()
      try worker.finish()
      #expect(try await producer.http.request("POST", Self.path + "/run").status == 202)
      #expect(try await Self.put(producer, #"{"cron":"@yearly","overlap":"allow","job":\#(Self.job)}"#).status == 200)
      #expect(try await producer.http.request("POST", Self.path + "/run").status == 202)
      // Its own times stay as they are.
      let shown = try await producer.http.get(Self.path)
      #expect(shown.json["next_run_at"].string == made.json["next_run_at"].string)
      #expect(try worker.claim().map(\.record.kind) == ["test.noop", "test.noop"])
    }
  }

  @Test("a private payload lies sealed, is shown to nobody, and reaches each job")
  func sealed() async throws {
    try await withProducer { producer async throws in
      let canary = "canary-7f3a"
      let job = #"{"kind":"memory.recall","payload":{"user":"\#(canary)","memory_id":"m"}}"#
      let made = try await Self.put(producer, #"{"cron":"@yearly","job":\#(job)}"#)
      #expect(made.status == 201 && made.json["sealed"].bool == true, "\(made)")
      #expect(made.json["job"]["kind"].string == "memory.recall" && made.json["job"].members["payload"] == nil)
      let hash = try producer.redis.command("HGETALL", "wc:schedule:nightly")
      #expect(!"\(hash)".contains(canary) && !String(decoding: made.body, as: UTF8.self).contains(canary))
      let run = try await producer.http.request("POST", Self.path + "/run")
      let id = try #require(run.json["id"].string.flatMap { JobID($0) })
      let stored = try #require(try producer.worker().claim("memory").first { $0.id == id })
      #expect(stored.record.payload.map { PayloadSeal.isSealed($0) } == true)
      let key = try LiveProducer.configuration([:]).keys
      let opened = try #require(key.seal).open(
        try #require(stored.record.payload), .payload, id: id, kind: try #require(KindName("memory.recall")))
      #expect(String(decoding: opened, as: UTF8.self) == #"{"user":"\#(canary)","memory_id":"m"}"#)
    }
  }

  @Test("defining asks for admin; those of private kinds are their owner's and operators' alone")
  func access() async throws {
    try await withProducer(["JWT_SECRET": TokenMint.secret]) { producer async throws in
      let admin = TokenMint.bearer(try TokenMint.token(sub: "root", scope: "admin"))
      let bob = TokenMint.bearer(try TokenMint.token(sub: "bob", scope: "jobs:read jobs:write"))
      let body = #"{"cron":"@yearly","job":{"kind":"memory.recall","payload":{"user":"u","memory_id":"m"}}}"#
      #expect(try await Self.put(producer, body).status == 401)
      #expect(try await Self.put(producer, body, bob).status == 403)
      #expect(try await Self.put(producer, body, admin).status == 201)
      #expect(try await producer.http.get(Self.path, bob).slug == "schedule-not-found")
      #expect(try await producer.http.get("/api/v1/schedules", bob).json["schedules"].elements.isEmpty)
      #expect(try await producer.http.get(Self.path, admin).status == 200)
      let id = try #require(try await producer.http.request("POST", Self.path + "/run", admin).json["id"].string)
      // Jobs of the schedule belong to whoever defined it.
      #expect(try await producer.http.get("/api/v1/jobs/\(id)", bob).status == 404)
      for (method, path) in [("DELETE", Self.path), ("POST", Self.path + "/run")] {
        #expect(try await producer.http.request(method, path, bob).status == 403)
      }
    }
  }
}
