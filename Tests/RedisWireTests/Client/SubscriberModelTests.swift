import RedisWire
import TestSupport
import Testing
import Transport

@Suite("Subscriber against a model")
struct SubscriberModelTests {
  @Test("after any order of joining and leaving, exactly the listeners hear")
  func anyOrder() async throws {
    let server = try RedisServer()
    let line = try server.connect()
    let subscriber = await RedisSubscriber(RedisOptions(url: try RedisURL(server.url)), onReset: {})
    await subscriber.start()
    var generator = SeededGenerator()
    let seed = generator.description
    let heard = Recorder<String>()
    var live: [Int: (channel: String, subscription: RedisSubscription)] = [:]
    for round in 0..<40 {
      for step in 0..<Int.random(in: 1...6, using: &generator) {
        if !live.isEmpty, Bool.random(using: &generator) {
          let key = live.keys.sorted()[Int.random(in: 0..<live.count, using: &generator)]
          if let gone = live.removeValue(forKey: key) { await subscriber.unsubscribe(gone.subscription) }
        } else {
          let channel = "c\(Int.random(in: 0..<3, using: &generator))"
          let id = round * 10 + step
          live[id] = (channel, await subscriber.subscribe(channel) { _ in heard.append("\(id)") })
        }
      }
      // A last subscription whose confirmation says that all before it are confirmed too.
      let ready = Recorder<Bool>()
      let last = await subscriber.subscribe("last-\(round)", onReady: { ready.append(true) }) { _ in }
      try await eventually("round \(round) is confirmed, \(seed)") { await ready.values.count == 1 }
      await subscriber.unsubscribe(last)
      for channel in ["c0", "c1", "c2"] {
        _ = try line.command(["PUBLISH", channel, "x"].map { Array($0.utf8) })
      }
      let expected = live.keys.map { "\($0)" }.sorted()
      try await eventually("all hear round \(round), \(seed)") { await heard.values.count >= expected.count }
      #expect(await heard.take().sorted() == expected, "\(seed) round \(round)")
    }
    #expect(await subscriber.channelCount == Set(live.values.map(\.channel)).count, "\(seed)")
    await subscriber.shutdown()
  }
}

extension Recorder {
  func take() -> [Value] {
    defer { values = [] }
    return values
  }
}
