import Foundation
import Synchronization
import TestSupport

/// A private Redis, one producer and some workers, as built, on free ports; all end with this value.
final class Stack: Sendable {
  struct Settings: Sendable {
    var redis = RedisServer.Options.durable
    var workers = 1
    /// Variables of every program.
    var environment: [String: String] = [:]

    static func workers(_ count: Int, _ environment: [String: String] = [:]) -> Settings {
      Settings(workers: count, environment: environment)
    }
  }

  let redis: RedisServer
  let api: PlainHTTP
  let metricsPort: Int
  private let environment: [String: String]
  private let programs = Mutex<(producer: ChildProcess?, workers: [ChildProcess])>((nil, []))

  /// Starts everything and waits until each program says that it is ready.
  init(_ settings: Settings = Settings()) async throws {
    redis = try RedisServer(settings.redis)
    api = PlainHTTP(port: try FreePort.next())
    metricsPort = try FreePort.next()
    environment = Self.base.merging(["REDIS_URL": redis.url]) { $1 }.merging(settings.environment) { $1 }
    try await startProducer()
    for _ in 0..<settings.workers { try await startWorker() }
  }

  /// 32 random bytes in hex, one key for all programs of this run.
  static let encryptionKey = (0..<4).map { _ in
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }.joined()

  /// What every program gets: nothing is inherited, so that the shell's variables cannot change a test.
  static let base = [
    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
    "APP_ENV": "development", "TEST_KINDS": "true", "BIND_ADDRESS": "127.0.0.1", "LOG_FORMAT": "json",
    "CONCURRENCY": "2", "ENCRYPTION_KEY": encryptionKey,
  ]

  var producer: ChildProcess? { programs.withLock { $0.producer } }
  var workers: [ChildProcess] { programs.withLock { $0.workers } }
  /// Whether no program has ended.
  var allRun: Bool { producer?.isRunning == true && !workers.contains { !$0.isRunning } }
  /// What all programs logged, also those that have ended.
  var logs: String { ([producer].compactMap { $0 } + workers).map(\.log).joined(separator: "\n") }

  /// Starts the producer, again with the same ports after its end.
  func startProducer() async throws {
    let own = ["PORT": "\(api.port)", "METRICS_PORT": "\(metricsPort)"]
    let child = try ChildProcess(
      try BuiltPrograms.producer, environment: environment.merging(own) { $1 }, inherits: false)
    programs.withLock { $0.producer = child }
    try await Self.ready(child, port: api.port)
  }

  /// Starts one more worker.
  @discardableResult
  func startWorker(_ more: [String: String] = [:]) async throws -> ChildProcess {
    let port = try FreePort.next()
    let own = ["METRICS_PORT": "\(port)"].merging(more) { $1 }
    let child = try ChildProcess(
      try BuiltPrograms.worker, environment: environment.merging(own) { $1 }, inherits: false)
    programs.withLock { $0.workers.append(child) }
    try await Self.ready(child, port: port)
    return child
  }

  private static func ready(_ child: ChildProcess, port: Int) async throws {
    let client = PlainHTTP(port: port)
    do {
      try await eventually(within: .seconds(20), "\(child.commandLine) is ready on \(port)") {
        guard child.isRunning else { return true }
        return try await client.get("/readyz", within: .seconds(5)).status == 200
      }
    } catch {
      throw SupportError("\(error)\n\(child.tail)")
    }
    guard child.isRunning else { throw SupportError("\(child.commandLine) ended by itself:\n\(child.tail)") }
  }
}
