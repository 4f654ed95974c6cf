import RedisWire
import Sealing
import TestSupport
import Testing

@testable import Jobs

/// A worker without handlers: claims and settles through the scripts, as a test tells it.
final class ScriptWorker {
  let name = "w-test"
  private let redis: BlockingRedisClient
  private let random = SystemRandomNumberGenerator()

  init(_ server: RedisServer) throws {
    redis = try BlockingRedisClient(RedisURL(server.url), timeout: .seconds(20))
  }

  /// Claims jobs of a queue.
  func claim(_ queue: String = "test", limit: Int = 64) throws -> [ClaimedJob] {
    var random = random
    let request = ClaimScript.Request(limit: limit, worker: name, nonce: JobIDMinter.nonce(using: &random))
    return try run(ClaimScript.self, request, queue).jobs
  }

  /// Settles claimed jobs.
  func settle(_ jobs: [ClaimedJob], _ end: Settlement.End) throws {
    guard let queue = jobs.first?.id.queue.text else { return }
    let settlements = jobs.map { Settlement(id: $0.id, token: $0.token, end: end) }
    let codes = try run(SettleScript.self, .init(worker: name, settlements: settlements), queue)
    #expect(codes.allSatisfy { $0 == .done })
  }

  /// Claims everything and ends it.
  func finish(_ queue: String = "test", _ end: Settlement.End = .success(Array("{}".utf8))) throws {
    while true {
      let jobs = try claim(queue)
      if jobs.isEmpty { return }
      try settle(jobs, end)
    }
  }

  /// Writes the progress of a job.
  func progress(_ job: ClaimedJob, _ json: String) throws {
    let note = ProgressScript.Note(lease: job.lease, progress: Array(json.utf8))
    _ = try run(ProgressScript.self, .init(worker: name, notes: [note]), job.id.queue.text)
  }

  /// Cancels jobs.
  func cancel(_ id: JobID) throws {
    _ = try run(CancelScript.self, .init(retention: Retention(), ids: [id]), id.queue.text)
  }

  private func run<S: JobScript>(_ script: S.Type, _ request: S.Request, _ queue: String) throws -> S.Reply {
    let name = try #require(QueueName(queue))
    return try S.decode(try redis.execute(S.command(request, on: Keys.standard.queue(name))), of: request)
  }
}
