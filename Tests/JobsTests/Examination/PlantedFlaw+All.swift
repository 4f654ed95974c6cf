import Testing

@testable import Jobs

extension PlantedFlaw {
  static let all = places() + ends() + counts() + guards()

  /// Entries and hashes that do not fit together.
  static func places() -> [PlantedFlaw] {
    [
      PlantedFlaw("an id in the line without a hash", Flaw(.entryWithoutHash, "ready")) { client in
        try client.command("DEL", client.keys.job(.numbered(7)))
      } check: { (client) throws in
        #expect(try client.ready() == [id(1)])
      },
      PlantedFlaw("a scheduled id without a hash", Flaw(.entryWithoutHash, "scheduled")) { client in
        try client.command("DEL", client.keys.job(.numbered(2)))
      } check: { (client) throws in
        #expect(try client.int("ZCARD", client.keys.scheduled) == 0)
      },
      PlantedFlaw("a leased id without a hash", Flaw(.entryWithoutHash, "running")) { client in
        try client.command("DEL", client.keys.job(.numbered(3)))
      } check: { (client) throws in
        #expect(try client.int("ZCARD", client.keys.running) == 0)
      },
      PlantedFlaw("a ready job in no line", Flaw(.hashWithoutEntry, "ready")) { client in
        try client.command("LREM", client.keys.ready, "0", id(7))
      } check: { (client) throws in
        try isReady(client, 7)
        #expect(try client.ready().last == id(7), "it has waited long enough to be the next one out")
      },
      PlantedFlaw("a scheduled job in no set", Flaw(.hashWithoutEntry, "scheduled")) { client in
        try client.command("ZREM", client.keys.scheduled, id(2))
      } check: {
        try isReady($0, 2)
      },
      PlantedFlaw("a retrying job in no set", Flaw(.hashWithoutEntry, "retrying"), Flaw(.secondEntry, "scheduled")) {
        try $0.command("HSET", $0.keys.job(.numbered(2)), "state", "retrying")
      } check: { (client) throws in
        try isReady(client, 2)
        #expect(try client.int("ZCARD", client.keys.scheduled) == 0)
      },
      PlantedFlaw("a running job without a lease", Flaw(.leaseWithoutEntry, "running")) { client in
        try client.command("ZREM", client.keys.running, id(3))
      } check: { (client) throws in
        try isReady(client, 3)
        #expect(try client.record(.numbered(3))?.losses == 0, "it is uncharged")
        #expect(try client.field(.numbered(3), "history")?.hasPrefix("1 released ") == true)
        let late = Settlement(id: .numbered(3), token: 1, end: .success([49]))
        #expect(try client.run(SettleScript.self, .init(worker: "w", settlements: [late])) == [.leaseLost])
      },
      PlantedFlaw("a running job without a lease that was to be cancelled", Flaw(.leaseWithoutEntry, "running")) {
        #expect(try $0.run(CancelScript.self, .init(ids: [.numbered(3)])) == [.requested])
        try $0.command("ZREM", $0.keys.running, id(3))
      } check: { (client) throws in
        #expect(try client.record(.numbered(3))?.state == .cancelled)
        #expect(try client.ttl(.numbered(3)) > 0 && client.int("ZCARD", client.keys.done) == 3)
      },
      PlantedFlaw("a lease of a job that does not run", Flaw(.entryWithoutLease, "running")) { client in
        try client.command("ZADD", client.keys.running, "99", id(1))
      } check: { (client) throws in
        #expect(try client.strings("ZRANGE", client.keys.running, "0", "-1") == [id(3)])
      },
      PlantedFlaw("an id in a second set", Flaw(.secondEntry, "dead")) { client in
        try client.command("ZADD", client.keys.dead, "99", id(4))
      } check: { (client) throws in
        #expect(try client.strings("ZRANGE", client.keys.dead, "0", "-1") == [id(5)])
        #expect(try client.int("ZSCORE", client.keys.done, id(4)) != nil)
      },
      PlantedFlaw("a running id in the line", Flaw(.secondEntry, "ready")) { client in
        try client.command("LPUSH", client.keys.ready, id(3))
      } check: { (client) throws in
        #expect(try client.ready() == [id(7), id(1)])
        #expect(try client.record(.numbered(3))?.state == .running)
      },
      PlantedFlaw("an id twice in the line", Flaw(.twiceInLine, "ready")) { client in
        try client.command("LPUSH", client.keys.ready, id(1))
        try client.command("LPUSH", client.keys.ready, id(1))
      } check: { (client) throws in
        #expect(try client.ready() == [id(7), id(1)], "the one that is next out stays")
      },
      PlantedFlaw("a tombstone without its entry", Flaw(.tombWithoutEntry, "tombs")) { client in
        try client.command("SADD", client.keys.tombstones, id(6))
      } check: { (client) throws in
        #expect(try client.int("SCARD", client.keys.tombstones) == 0)
      },
    ]
  }

  /// Ends and leases.
  static func ends() -> [PlantedFlaw] {
    [
      PlantedFlaw("an ended job of another instant", Flaw(.scoreDisagrees, "done")) { client in
        try client.command("ZADD", client.keys.done, "99", id(4))
      } check: { (client) throws in
        let finished = try client.record(.numbered(4))?.finishedMs
        #expect(try client.int("ZSCORE", client.keys.done, id(4)) == finished)
      },
      PlantedFlaw("a lease for years", Flaw(.leaseTooLong, "running")) { client in
        try client.command("ZADD", client.keys.running, "9000000000000", id(3))
      } check: { (client) throws in
        let deadline = try #require(try client.int("ZSCORE", client.keys.running, id(3)))
        #expect(deadline < 9_000_000_000_000)
        let lease = Lease(id: .numbered(3), token: 1)
        #expect(try client.run(ExtendScript.self, .init(worker: "w", leases: [lease])).lost.isEmpty, "it is still held")
      },
      PlantedFlaw("an ended job without an end", Flaw(.endWithoutLimit)) { client in
        try client.command("PERSIST", client.keys.job(.numbered(5)))
      } check: { (client) throws in
        #expect(try client.ttl(.numbered(5)) > 0)
      },
      PlantedFlaw("a waiting job that would vanish", Flaw(.limitBeforeEnd)) { client in
        try client.command("PEXPIRE", client.keys.job(.numbered(1)), "600000")
      } check: {
        try isReady($0, 1)
      },
      PlantedFlaw("sealed content beyond the end", Flaw(.sealedContentLeft)) { client in
        try client.command("HSET", client.keys.job(.numbered(5)), "sealed", "1")
      } check: { (client) throws in
        #expect(try client.record(.numbered(5))?.payload == nil)
      },
      PlantedFlaw("a state that is none", Flaw(.stateUnknown), isMended: false) { client in
        try client.command("HSET", client.keys.job(.numbered(4)), "state", "gone")
      },
      PlantedFlaw("a job that is no hash", Flaw(.wrongType, "string"), isMended: false) { client in
        try client.command("SET", client.keys.job(.numbered(9)), "text")
      },
      PlantedFlaw("a set that is none", Flaw(.wrongType, "string"), isMended: false) { client in
        try client.command("DEL", client.keys.retrying)
        try client.command("SET", client.keys.retrying, "text")
      },
    ]
  }

  static func counts() -> [PlantedFlaw] {
    [
      PlantedFlaw("a counter that is none", Flaw(.counterUnreadable, "losses")) { client in
        try client.command("HSET", client.keys.job(.numbered(1)), "losses", "many")
      } check: { (client) throws in
        #expect(try client.field(.numbered(1), "losses") == "0")
      },
      PlantedFlaw("more attempts than deliveries", Flaw(.countersDisagree, "deliveries")) { client in
        try client.command("HSET", client.keys.job(.numbered(5)), "attempts", "7", "losses", "2")
      } check: { (client) throws in
        #expect(try client.record(.numbered(5))?.deliveries == 9)
      },
      PlantedFlaw("more attempts than deliveries under a lease", Flaw(.countersDisagree, "deliveries"), isMended: false)
      {
        try $0.command("HSET", $0.keys.job(.numbered(3)), "attempts", "7")
      },
      PlantedFlaw("a spoilt counter of the queue", Flaw(.statsUnreadable, "lost")) { client in
        try client.command("HSET", client.keys.stats, "lost", "x")
      } check: { (client) throws in
        #expect(try client.int("HEXISTS", client.keys.stats, "lost") == 0)
        #expect(try client.int("HEXISTS", client.keys.stats, "enqueued") == 1)
      },
    ]
  }

  static func guards() -> [PlantedFlaw] {
    [
      PlantedFlaw("a unique key of a job that has ended", Flaw(.uniqueWithoutJob, "succeeded")) { client in
        try client.command("SET", client.keys.unique("other"), id(4))
      } check: { (client) throws in
        #expect(try client.int("EXISTS", client.keys.unique("other")) == 0)
        #expect(try client.int("EXISTS", client.keys.unique("lock")) == 1)
      },
      PlantedFlaw("a unique key of a job that is gone", Flaw(.uniqueWithoutJob)) { client in
        try client.command("SET", client.keys.unique("other"), id(99))
      } check: { (client) throws in
        #expect(try client.int("EXISTS", client.keys.unique("other")) == 0)
      },
      PlantedFlaw("an Idempotency-Key that names nothing", Flaw(.idempotencyUnreadable)) { client in
        try client.command("SET", client.keys.idempotency("again"), "?")
      } check: { (client) throws in
        #expect(try client.int("EXISTS", client.keys.idempotency("again")) == 0)
      },
      PlantedFlaw("a queue in no list", Flaw(.queueUnregistered)) { client in
        try client.command("SREM", Keys.standard.queues, "proof")
      } check: { (client) throws in
        #expect(try client.int("SISMEMBER", Keys.standard.queues, "proof") == 1)
      },
      PlantedFlaw("a schedule that nothing would run", Flaw(.scheduleWithoutEntry)) { client in
        try client.command(
          "HSET", Keys.standard.schedule("nightly"), "revision", "1", "next_ms", "1900000000000", "cron", "0 3 * * *")
      } check: { (client) throws in
        #expect(try client.int("ZSCORE", Keys.standard.schedules, "nightly") == 1_900_000_000_000)
      },
      PlantedFlaw("a schedule without a hash", Flaw(.scheduleWithoutHash)) { client in
        try client.command("ZADD", Keys.standard.schedules, "99", "nightly")
      } check: { (client) throws in
        #expect(try client.int("ZCARD", Keys.standard.schedules) == 0)
      },
    ]
  }
}
