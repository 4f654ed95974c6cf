import Jobs
import RedisWire
import Service
import Transport

/// Where Redis is, for commands that speak to it without the API: read as the producer and the worker read it.
struct RedisAccess: Sendable {
  /// REDIS_URL, KEY_PREFIX and how long ended jobs are kept.
  let settings: StoreSettings
  private let timeout: Duration

  /// The options of commands that speak to Redis.
  static let options = [
    Option("redis-url", "URL", "where Redis is (REDIS_URL, redis://localhost:6379/0)"),
    Option("key-prefix", "PREFIX", "what every key begins with (KEY_PREFIX, wc)"),
  ]

  /// The options of commands that speak to Redis only when they are told to.
  static let insteadOfAPI = [
    Option("redis-url", "URL", "ask Redis itself, where no API answers"),
    Option("key-prefix", "PREFIX", "what every key begins with, with --redis-url (KEY_PREFIX, wc)"),
  ]

  /// Reads options and environment.
  ///
  /// - Throws: exit code 78 that names every setting that is wrong; never a password.
  init(_ call: Call) throws(ProgramEnd) {
    let flags = Self.options.flatMap { option in
      call.arguments[option.name].map { ["--\(option.name)=\($0)"] } ?? []
    }
    let launch = Launch<StoreSettings>.read(
      ProgramDescription(name: "jobctl", summary: "", examples: []), arguments: flags, environment: call.environment
    ) { reader in
      let deployment = Deployment(&reader)
      return StoreSettings(&reader, in: deployment)
    }
    switch launch {
    case .run(let settings, _), .check(let settings, _): self.settings = settings
    case .end(let end): throw end
    }
    timeout = call.settings.timeout
  }

  /// The server, without its password.
  var name: String { "\(settings.redis)" }

  /// How to reach it.
  var redis: RedisOptions {
    var options = settings.connection(named: "jobctl")
    options.commandTimeout = timeout
    options.connectTimeout = min(timeout, .seconds(10))
    // Whoever sits at a shell would rather read why than wait.
    options.failFast = true
    options.limits = RESPLimits(bulkBytes: 512 << 20, replyBytes: 2 << 30)
    return options
  }

  /// Runs `body` over a connection and closes it.
  ///
  /// - Throws: exit code 69 when Redis does not answer, 1 for what it refuses.
  @EventLoop
  func withStore<Value>(
    _ body: @EventLoop (JobStore) async throws(ProgramEnd) -> Value
  ) async throws(ProgramEnd) -> Value {
    let client = RedisClient(redis)
    client.start()
    let result: Result<Value, ProgramEnd>
    do throws(ProgramEnd) {
      result = .success(try await body(JobStore(client, keys: settings.keys, retention: settings.retention)))
    } catch {
      result = .failure(error)
    }
    await client.shutdown()
    return try result.get()
  }
}

extension ProgramEnd {
  /// What a failure of Redis means for the one at the shell.
  static func redis(_ error: RedisError, at name: String) -> ProgramEnd {
    let code: ExitCode =
      switch error {
      case .server("WRONGPASS", _), .server("NOAUTH", _), .server("NOPERM", _), .unsupported: .configuration
      default: error.isRetryable ? .unavailable : .failure
      }
    return .failed(code, "\(name): \(error)")
  }

  /// What a failure of the store means for the one at the shell.
  static func store(_ error: JobError, at name: String) -> ProgramEnd {
    if case .storeUnavailable(let cause) = error { return .redis(cause, at: name) }
    return .failed(.failure, "\(name): \(error)")
  }
}
