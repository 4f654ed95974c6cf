import RedisWire
import TestSupport
import Transport

@testable import Jobs

/// A store on the loop over a private server, and a blocking client beside it to look and to set the clock.
@EventLoop
final class StoreFixture {
  let server: RedisServer
  let client: RedisClient
  let store: JobStore
  let beside: ScriptClient

  init(
    _ server: RedisServer, url: String? = nil, retention: Retention = Retention(), maxDepth: Int64 = 10_000_000,
    isVirtual: Bool = false
  ) throws {
    self.server = server
    client = RedisClient(RedisOptions(url: try RedisURL(url ?? server.url)))
    let scripts = isVirtual ? VirtualClock.scripts : .embedded
    store = JobStore(
      client, keys: .standard, retention: retention, maxDepth: maxDepth, leaseMs: 15_000, scripts: scripts)
    beside = try ScriptClient(server, scripts: scripts)
    if isVirtual { try beside.command("SET", beside.keys.base + "testclock", "1790000000000") }
    client.start()
  }

  func later(_ ms: Int) throws { try beside.command("INCRBY", beside.keys.base + "testclock", "\(ms)") }

  /// Runs `body` and closes the client.
  static func run(
    _ server: RedisServer, url: String? = nil, retention: Retention = Retention(), maxDepth: Int64 = 10_000_000,
    isVirtual: Bool = false, _ body: @EventLoop (StoreFixture) async throws -> Void
  ) async throws {
    let fixture = try StoreFixture(
      server, url: url, retention: retention, maxDepth: maxDepth, isVirtual: isVirtual)
    do {
      try await body(fixture)
    } catch {
      await fixture.client.shutdown()
      throw error
    }
    await fixture.client.shutdown()
  }
}
