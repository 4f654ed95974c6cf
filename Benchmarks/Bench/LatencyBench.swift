import Glibc
import HTTPWire
import JSONWire
import Jobs
import RedisWire
import Transport

/// How long a job waits for its start, as a client sees it: from before the enqueue is sent until the queue's channel
/// says that the job runs. The way of that message is in it, so it is an upper bound.
@EventLoop
enum LatencyBench {
  nonisolated static func run(_ arguments: Arguments) throws {
    let url = RedisURL(.unix(path: try arguments.text("socket")))
    let rate = try arguments.int("rate", default: 200)
    let count = try arguments.int("count", default: 1000)
    let port = try arguments.optionalText("port").map { _ in try arguments.int("port", default: 1) }
    guard let queue = QueueName("test"), let kind = KindName("test.noop") else { throw BenchError("no such queue") }
    EventLoop.spawn {
      do {
        let probe = LatencyProbe(url, queue: queue, kind: kind, port: port)
        try await probe.run(rate: rate, count: count)
        exit(0)
      } catch {
        Report.fail(error)
      }
    }
    while true { pause() }
  }
}

/// One run at a steady rate.
@EventLoop
private final class LatencyProbe {
  private let queue: QueueName
  private let kind: KindName
  private let store: JobStore
  private let subscriber: RedisSubscriber
  private let http: HTTPClient?
  private var minter = JobIDMinter()
  private var sent: [String: Int64] = [:]
  private var answered: [String: Int64] = [:]
  private var started: [String: Int64] = [:]
  private var ended: [String: Int64] = [:]
  private var failure: (any Error)?

  init(_ url: RedisURL, queue: QueueName, kind: KindName, port: Int?) {
    self.queue = queue
    self.kind = kind
    store = JobStore(RedisClient(RedisOptions(url: url, clientName: "bench")))
    subscriber = RedisSubscriber(RedisOptions(url: url, clientName: "bench-events"), onReset: {})
    http = port.map { HTTPClient(.tcp(host: "127.0.0.1", port: $0)) }
  }

  func run(rate: Int, count: Int) async throws {
    store.client.start()
    subscriber.start()
    let channel = store.keys.queue(queue).events
    await withCheckedContinuation { ready in
      _ = subscriber.subscribe(channel, onReady: { ready.resume() }, onMessage: { [weak self] in self?.heard($0) })
    }
    let start = Stopwatch.wall()
    let period = Int64(1_000_000_000 / rate)
    for number in 0..<count {
      let due = start + Int64(number) * period
      let wait = due - Stopwatch.wall()
      if wait > 0 { try await EventLoop.sleep(for: .nanoseconds(wait)) }
      EventLoop.spawn { await self.enqueue(number) }
    }
    let deadline = Stopwatch.wall() + 10_000_000_000
    while ended.count < count || answered.count < count {
      if let failure { throw failure }
      guard Stopwatch.wall() < deadline else {
        throw BenchError("\(ended.count) of \(count) jobs ended; does a worker run with TEST_KINDS=true?")
      }
      try await EventLoop.sleep(for: .milliseconds(20))
    }
    Report.write { report in
      report.field("start_us", delays(until: started))
      report.field("end_us", delays(until: ended))
      report.field("enqueue_us", delays(until: answered))
    }
  }

  private func enqueue(_ number: Int) async {
    let payload = Array("{\"n\":\(number)}".utf8)
    do {
      if let http {
        let body = Array("{\"kind\":\"test.noop\",\"payload\":".utf8) + payload + Array("}".utf8)
        let time = Stopwatch.wall()
        let answer = try await http.send(
          .post, "/api/v1/jobs", headers: ["Content-Type": "application/json"], body: body)
        guard let id = try JSONDocument(answer.body).root["id"]?.asString else {
          throw BenchError("no id in the answer")
        }
        sent[id] = time
        answered[id] = Stopwatch.wall()
      } else {
        let job = NewJob(id: minter.mint(queue), kind: kind, payload: payload)
        sent[job.id.text] = Stopwatch.wall()
        _ = try await store.enqueue(job)
        answered[job.id.text] = Stopwatch.wall()
      }
    } catch {
      failure = error
    }
  }

  private func heard(_ message: [UInt8]) {
    let now = Stopwatch.wall()
    for line in String(decoding: message, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2 else { continue }
      if words[1] == "running" { started[String(words[0])] = now }
      if words[1] == "succeeded" { ended[String(words[0])] = now }
    }
  }

  private func delays(until times: [String: Int64]) -> [Double] {
    sent.compactMap { id, time in times[id].map { Double($0 - time) / 1000 } }
  }
}
