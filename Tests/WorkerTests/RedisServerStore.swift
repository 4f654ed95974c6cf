import Jobs
import RedisWire
import TestSupport
import Testing
import Transport

/// A store of the test's own, straight to the server, beside a worker whose connection is being disturbed.
@EventLoop
final class RedisServerStore {
  let store: JobStore
  private let client: RedisClient
  private var minter = JobIDMinter()

  init(_ server: RedisServer) throws {
    client = RedisClient(RedisOptions(url: try RedisURL(server.url)))
    store = JobStore(client)
    client.start()
  }

  func enqueue(_ kind: String, _ payload: String) async throws -> JobID {
    guard let queue = QueueName("test"), let kind = KindName(kind) else { throw SupportError("no kind \(kind)") }
    let id = minter.mint(queue)
    #expect(try await store.enqueue(NewJob(id: id, kind: kind, payload: Array(payload.utf8))) == .created)
    return id
  }

  func ended(_ id: JobID) async throws -> JobRecord {
    try await eventually(within: .seconds(30), "\(id) ends") {
      guard let record = try await self.store.read(id), record.state?.isTerminal == true else { return nil }
      return record
    } as JobRecord
  }

  func stop() async { await client.shutdown() }
}
