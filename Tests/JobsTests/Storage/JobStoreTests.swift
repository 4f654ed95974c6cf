import RedisWire
import Sealing
import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("The store on the loop")
struct JobStoreTests {
  @Test("a job from enqueue to its result", arguments: Place.allCases)
  func life(_ place: Place) async throws {
    try await StoreFixture.run(RedisServer(place == .cluster ? .cluster : .init())) { fixture async throws in
      let store = fixture.store
      #expect(try await store.enqueue(.numbered(1)) == .created)
      #expect(try await store.queues() == [.proof])
      let claim = try await store.claim(4, from: .proof, worker: "w")
      let lease = try #require(claim.jobs.first?.lease)
      #expect(try await store.extend([lease], on: .proof, worker: "w").lost.isEmpty)
      #expect(try await store.progress([.init(lease: lease, progress: [49])], on: .proof, worker: "w") == [.done])
      #expect(try await store.reclaim(on: .proof, worker: "w", known: []).map(\.id) == [lease.id])
      let end = Settlement(id: lease.id, token: lease.token, end: .success(Array("42".utf8)))
      let reply = try await store.settleAndClaim([end], claiming: 4, on: .proof, worker: "w")
      #expect(reply.codes == [.done] && reply.claim.jobs.isEmpty)
      #expect(try await store.settle([end], on: .proof, worker: "w") == [.already])
      let record = try #require(try await store.read(lease.id))
      #expect(record.state == .succeeded && record.result == Array("42".utf8) && record.progress == [49])
      #expect(try await store.read(.numbered(9)) == nil)
      #expect(try await store.stats(.proof).done == 1)
    }
  }

  @Test("many jobs of several queues, each with its own answer")
  func many() async throws {
    try await StoreFixture.run(RedisServer(), maxDepth: 100) { fixture async throws in
      let jobs = (0..<300).map { number in
        NewJob(
          id: .numbered(number, queue: number % 2 == 0 ? .proof : .memory), kind: .noop,
          payload: Array("\(number)".utf8))
      }
      let results = await fixture.store.enqueue(jobs).map { try? $0.get() }
      #expect(results.filter { $0 == .created }.count == 200 && results.filter { $0 == .full }.count == 100)
      #expect(Array(results.prefix(200)).allSatisfy { $0 == .created })
      #expect(try await fixture.store.queues() == [.memory, .proof])
      let records = try await fixture.store.read(jobs.map(\.id))
      for (job, record) in zip(jobs, records).prefix(200) { #expect(record?.payload == job.payload) }
      #expect(records.suffix(100).allSatisfy { $0 == nil })
      let cancelled = try await fixture.store.cancel(jobs.map(\.id))
      #expect(
        cancelled.prefix(200).allSatisfy { $0 == .cancelled } && cancelled.suffix(100).allSatisfy { $0 == .missing })
      #expect(try await fixture.store.requeue([jobs[0].id, jobs[1].id]) == [.requeued, .requeued])
      #expect(try await fixture.store.purge([jobs[0].id, jobs[2].id]) == [.unfinished(.ready), .purged])
    }
  }

  @Test("a full queue is an error of its own")
  func full() async throws {
    try await StoreFixture.run(RedisServer(), maxDepth: 1) { fixture async throws in
      #expect(try await fixture.store.enqueue(.numbered(1)) == .created)
      await #expect(throws: JobError.queueFull(.proof)) { try await fixture.store.enqueue(.numbered(2)) }
    }
  }

  @Test("an enqueue whose answer is lost is sent again and creates one job")
  func lostAnswer() async throws {
    let server = try RedisServer()
    let proxy = try FaultProxy(to: server.address)
    try await StoreFixture.run(server, url: proxy.redisURL) { fixture async throws in
      // The script is loaded before, as the answer of loading it would be held too.
      _ = try await fixture.store.enqueue(.numbered(7))
      proxy.set(.holdReplies)
      async let outcome = fixture.store.enqueue(.numbered(1))
      try await eventually("redis has the job") { try fixture.beside.int("LLEN", fixture.beside.keys.ready) == 2 }
      proxy.cut()
      proxy.set(.forward)
      #expect(try await outcome == .created)
      #expect(try fixture.beside.ready().count == 2)
      #expect(try await fixture.store.enqueue(.numbered(1)) == .replayed(.numbered(1)))
    }
  }

  @Test("a claim whose answer is lost is not sent again, and reclaim finds its jobs")
  func lostClaim() async throws {
    let server = try RedisServer()
    let proxy = try FaultProxy(to: server.address)
    try await StoreFixture.run(server, url: proxy.redisURL) { fixture async throws in
      let store = fixture.store
      _ = try await store.claim(1, from: .proof, worker: "w")
      _ = await store.enqueue((1...5).map { .numbered($0) })
      proxy.set(.holdReplies)
      async let claim = failure(store)
      try await eventually("redis has leased them") {
        try fixture.beside.int("ZCARD", fixture.beside.keys.running) == 2
      }
      proxy.cut()
      proxy.set(.forward)
      #expect(await claim == .storeUnavailable(.closed(sent: true)))
      let found = try await store.reclaim(on: .proof, worker: "w", known: [])
      #expect(found.map(\.id) == [.numbered(1), .numbered(2)] && found.allSatisfy { $0.token == 1 })
      #expect(try fixture.beside.int("ZCARD", fixture.beside.keys.running) == 2)
    }
  }

  private func failure(_ store: JobStore) async -> JobError? {
    do {
      _ = try await store.claim(2, from: .proof, worker: "w")
      return nil
    } catch {
      return error
    }
  }

  @Test("a server that is away is an error, not a hang")
  func away() async throws {
    let server = try RedisServer()
    try await StoreFixture.run(server) { fixture async throws in
      #expect(try await fixture.store.enqueue(.numbered(1)) == .created)
      server.kill()
      let error = await #expect(throws: JobError.self) { try await fixture.store.enqueue(.numbered(2)) }
      #expect(error?.code == "store_unavailable" && error?.isRetryable == true)
    }
  }

  @Test("the key of the fingerprints is shared in Redis when there is no PAYLOAD_KEY")
  func fingerprints() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let rule = JobRequest.Unique(key: "k", ttlMs: 1000)
      let first = try await fixture.store.fingerprint(payloadKey: nil).unique(rule)
      #expect(try await fixture.store.fingerprint(payloadKey: nil).unique(rule) == first)
      let key = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
      #expect(try await fixture.store.fingerprint(payloadKey: key).unique(rule) != first)
      try fixture.beside.command("HSET", "wc:meta", "fingerprint_key", "short")
      await #expect(throws: JobError.self) { try await fixture.store.fingerprint(payloadKey: nil) }
    }
  }

  @Test("settings of a queue are written together or not at all, and hold")
  func settings() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let store = fixture.store
      #expect(try await store.settings(.proof) == QueueSettings())
      try await store.change([.leaseMs(60_000), .maxAttempts(9), .maxDepth(1)], of: .proof)
      try await store.setPaused(true, .proof, reason: "repairs")
      let settings = try await store.settings(.proof)
      #expect(settings.leaseMs == 60_000 && settings.maxAttempts == 9 && settings.maxDepth == 1)
      #expect(settings.isPaused && settings.pausedReason == "repairs" && settings.pausedMs != nil)
      await #expect(throws: JobError.invalidSetting(name: "lease_ms", expected: "1s to 24h")) {
        try await store.change([.maxDepth(7), .leaseMs(1)], of: .proof)
      }
      #expect(try await store.settings(.proof).maxDepth == 1)
      #expect(try await store.enqueue(.numbered(1)) == .created)
      await #expect(throws: JobError.queueFull(.proof)) { try await store.enqueue(.numbered(2)) }
      #expect(try await store.claim(1, from: .proof, worker: "w").isPaused)
      try await store.change([.maxDepth(nil), .leaseMs(nil), .maxAttempts(nil)], of: .proof)
      #expect(try await store.setPaused(false, .proof))
      #expect(try await store.settings(.proof) == QueueSettings())
    }
  }

  @Test("lists by state, page by page")
  func lists() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let store = fixture.store
      _ = await store.enqueue((1...5).map { .numbered($0) } + [.numbered(6, start: .afterMs(60_000))])
      try fixture.beside.command("LPUSH", fixture.beside.keys.ready, #"{"kind":"test.noop","payload":{}}"#)
      let first = try await store.list(.proof, state: .ready, limit: 3)
      #expect(first.records.map(\.id.numberInQueue) == [1, 2, 3] && first.nextOffset == 3 && first.raw == 0)
      let second = try await store.list(.proof, state: .ready, offset: 3, limit: 3)
      #expect(second.records.map(\.id.numberInQueue) == [4, 5] && second.raw == 1)
      let third = try await store.list(.proof, state: .ready, offset: 6, limit: 3)
      #expect(third.records.isEmpty && third.nextOffset == nil)
      #expect(try await store.list(.proof, state: .scheduled).records.map(\.id.numberInQueue) == [6])
      _ = try await store.cancel([.numbered(5)])
      let claimed = try await store.claim(2, from: .proof, worker: "w").jobs
      #expect(try await store.list(.proof, state: .running).records.count == 2)
      let ends = [
        Settlement(id: claimed[0].id, token: 1, end: .success([49])),
        Settlement(id: claimed[1].id, token: 1, end: .dead(.permanent, error: "no")),
      ]
      _ = try await store.settle(ends, on: .proof, worker: "w")
      #expect(try await store.list(.proof, state: .succeeded).records.map(\.id.numberInQueue) == [1])
      #expect(try await store.list(.proof, state: .dead).records.map(\.error) == ["no"])
      #expect(try await store.list(.proof, state: .cancelled).records.map(\.id.numberInQueue) == [5])
      #expect(try await store.list(.proof, state: .retrying, offset: .max, limit: .max).records.isEmpty)
      #expect(try await store.list(.memory, state: .ready, offset: -5, limit: -5).records.isEmpty)
    }
  }

  @Test("a subscriber hears of claims and ends, in the order in which they happen")
  func hints() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      let line = try fixture.server.connect()
      try line.command(["SUBSCRIBE", fixture.beside.keys.events].map { Array($0.utf8) })
      _ = try await fixture.store.enqueue(.numbered(1))
      let claimed = try await fixture.store.claim(1, from: .proof, worker: "w").jobs[0]
      let end = Settlement(id: claimed.id, token: claimed.token, end: .success([49]))
      _ = try await fixture.store.settle([end], on: .proof, worker: "w")
      var events: [JobEvent] = []
      while events.count < 2 {
        guard case .bulk(let message) = try line.receive().elements.last else { continue }
        events += QueueEvents.parse(message)
      }
      #expect(events == [JobEvent(id: .numbered(1), state: .running), JobEvent(id: .numbered(1), state: .succeeded)])
    }
  }
}
