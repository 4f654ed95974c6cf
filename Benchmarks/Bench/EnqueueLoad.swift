import Glibc
import JSONWire
import Jobs
import RedisWire
import Transport

/// Puts jobs of `test.noop` with distinct payloads in by the queue's own script, several batches a round trip.
enum EnqueueLoad {
  private static let batchesAtOnce = 4

  static func run(_ arguments: Arguments) throws {
    let client = try BlockingRedisClient(RedisURL(.unix(path: try arguments.text("socket"))), timeout: .seconds(30))
    let count = try arguments.int("count", default: 1000)
    guard let queue = QueueName("test"), let kind = KindName("test.noop") else { throw BenchError("no such queue") }
    let keys = Keys.standard
    _ = try client.execute(RedisCommand("SADD", keys.queues, queue.text))
    var minter = JobIDMinter()
    var sample = ""
    var made = 0
    let start = Stopwatch.wall()
    while made < count {
      var requests: [EnqueueScript.Request] = []
      while requests.count < batchesAtOnce, made < count {
        let batch = made..<min(made + JobLimits.batchJobs, count)
        let jobs = batch.map { NewJob(id: minter.mint(queue), kind: kind, payload: payload($0)) }
        for (number, job) in zip(batch, jobs) where number % 100 == 0 {
          sample += "\(keys.queue(queue).job(job.id)) \(String(decoding: job.payload, as: UTF8.self))\n"
        }
        requests.append(EnqueueScript.Request(jobs: jobs))
        made = batch.upperBound
      }
      let replies = try client.pipeline(requests.map { EnqueueScript.command($0, on: keys.queue(queue)) })
      for (request, reply) in zip(requests, replies) {
        let outcomes = try EnqueueScript.decode(reply, of: request)
        guard outcomes.allSatisfy({ $0 == .created }) else { throw BenchError("a job was not created") }
      }
    }
    let took = Double(Stopwatch.wall() - start) / 1e9
    if let path = arguments.optionalText("sample") { try write(sample, to: path) }
    Report.write { report in
      report.field("jobs", made)
      report.field("seconds", took)
    }
  }

  /// 150 bytes, no two alike.
  private static func payload(_ number: Int) -> [UInt8] {
    var bytes = Array("{\"n\":\(number),\"text\":\"".utf8)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "x"), count: 150 - bytes.count - 2))
    bytes.append(contentsOf: "\"}".utf8)
    return bytes
  }

  private static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else {
      throw BenchError("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    fputs(text, file)
    fclose(file)
  }
}
