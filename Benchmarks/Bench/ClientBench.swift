import JSONWire
import RedisWire
import Transport

/// A blocking client that sends `depth` commands in one go and takes their answers.
protocol PipelineClient {
  func pipeline(_ name: StaticString, _ key: [UInt8], _ value: [UInt8], depth: Int) throws
}

/// Commands of one blocking client for a while; scripts/bench runs ours and hiredis' in turns and adds Redis' time.
enum ClientBench {
  static func run(_ arguments: Arguments) throws {
    let path = try arguments.text("socket")
    let depth = try arguments.int("depth", default: 64)
    let seconds = try arguments.seconds("seconds", default: 0.5)
    let client: any PipelineClient =
      switch try arguments.text("peer") {
      case "ours": try OurClient(path: path)
      case "hiredis": try HiredisPeer.Client(path: path)
      case let other: throw BenchError("--peer \(other): expected ours or hiredis")
      }
    let name: StaticString
    let size: Int
    switch try arguments.text("case") {
    case "lpush": (name, size) = ("LPUSH", 16)
    case "set": (name, size) = ("SET", 200)
    case let other: throw BenchError("--case \(other): expected lpush or set")
    }
    let key = Array("bench:\(name)".utf8)
    let value = [UInt8](repeating: UInt8(ascii: "v"), count: size)
    let startCPU = Stopwatch.threadCPU()
    let start = Stopwatch.wall()
    let end = start + Int64(seconds * 1e9)
    var operations = 0
    while Stopwatch.wall() < end {
      try client.pipeline(name, key, value, depth: depth)
      operations += depth
    }
    let took = Double(Stopwatch.wall() - start) / 1e9
    let cpu = Double(Stopwatch.threadCPU() - startCPU) / 1e9
    Report.write { report in
      report.field("operations", operations)
      report.field("seconds", took)
      report.field("cpu", cpu)
    }
  }
}

/// Our blocking client; each command is built anew, as hiredis formats each.
private struct OurClient: PipelineClient {
  private let client: BlockingRedisClient

  init(path: String) throws {
    client = try BlockingRedisClient(RedisURL(.unix(path: path)))
  }

  func pipeline(_ name: StaticString, _ key: [UInt8], _ value: [UInt8], depth: Int) throws {
    var commands: [RedisCommand] = []
    commands.reserveCapacity(depth)
    for _ in 0..<depth {
      var command = RedisCommand(name)
      command.append(key)
      command.append(value)
      commands.append(command)
    }
    for reply in try client.pipeline(commands) {
      if let error = reply.error { throw BenchError("Redis answered an error: \(error)") }
    }
  }
}
