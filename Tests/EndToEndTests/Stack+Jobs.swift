import Foundation
import TestSupport
import Testing

extension Stack {
  /// POST /api/v1/jobs.
  func submit(
    _ kind: String, _ payload: String, extra: String = "", headers: [String: String] = [:]
  ) async throws -> PlainHTTP.Answer {
    try await api.post("/api/v1/jobs", json: #"{"kind":"\#(kind)","payload":\#(payload)\#(extra)}"#, headers)
  }

  /// Submits a job that must be accepted, and returns its id.
  func enqueue(_ kind: String, _ payload: String, extra: String = "") async throws -> String {
    let answer = try await submit(kind, payload, extra: extra)
    try #require(answer.status == 202, "\(answer)")
    return try #require(answer.json["id"].string, "\(answer)")
  }

  /// Submits a job, waits for its success in the same call and returns its result.
  func run(_ kind: String, _ payload: String) async throws -> JSONTree {
    let answer = try await submit(kind, payload, headers: ["Prefer": "wait=20"])
    try #require(answer.status == 200, "\(answer)\n\(logs.suffix(4000))")
    try #require(answer.json["state"].string == "succeeded", "\(answer)")
    return answer.json["result"]
  }

  /// GET of a job.
  func job(_ id: String, headers: [String: String] = [:]) async throws -> JSONTree {
    let answer = try await api.get("/api/v1/jobs/\(id)", headers)
    try #require(answer.status == 200, "\(id): \(answer)")
    return answer.json
  }

  /// Waits until a job is done and returns it.
  func finished(_ id: String, within limit: Duration = .seconds(30)) async throws -> JSONTree {
    try await eventually(
      within: limit, "job \(id) is done",
      value: {
        let job = try await self.job(id, headers: ["Prefer": "wait=5"])
        return job["done"].bool == true ? job : nil
      })
  }

  /// Waits until the hash of a job says `state`, and its deliveries are at least `deliveries`.
  func reaches(_ id: String, _ state: String, deliveries: Int = 0, within limit: Duration = .seconds(20)) async throws {
    try await eventually(within: limit, "\(id) is \(state) with \(deliveries) deliveries") {
      let hash = try self.hash(id)
      return hash["state"] == state && (hash["deliveries"].flatMap { Int($0) } ?? 0) >= deliveries
    }
  }

  /// What Redis holds of a job, read past the API.
  func hash(_ id: String) throws -> [String: String] {
    let queue = id.prefix { $0 != "." }
    return try redis.command("HGETALL", "wc:{\(queue)}:job:\(id)").fields
  }

  /// The counters of a queue.
  func counter(_ queue: String, _ name: String) throws -> Int {
    try redis.command("HGET", "wc:{\(queue)}:stats", name).int ?? 0
  }

  /// redis-cli on the private server, as an operator uses it.
  func redisCLI(_ arguments: String...) async throws -> String {
    try await Tool.output(of: "redis-cli", ["-s", redis.socketPath] + arguments)
  }
}
