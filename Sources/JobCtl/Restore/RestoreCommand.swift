import JSONWire
import Jobs
import RedisWire
import Service
import Transport

/// `jobctl restore`: a backup into an empty server.
enum RestoreCommand {
  static let restore = Command(
    name: "restore", operands: "FILE", operandCount: 1...1,
    summary: "put a backup into an empty Redis; what ran at the backup runs again, under new tokens",
    options: RedisAccess.options + [
      Option("listen", "ADDRESS", "of this machine, where the server can reach it (127.0.0.1 for a local one); RDB"),
      Option("redis-server", "PATH", "the program that reads the file (redis-server in PATH); RDB"),
    ],
    examples: [
      "restore before-upgrade.rdb --redis-url unix:///run/redis.sock",
      "restore before-upgrade.rdb --redis-url redis://redis:6379/0 --listen 10.1.2.3",
      "restore managed.dump --redis-url redis://:PASSWORD@managed:6379/0",
    ], heedsSignals: true
  ) { (call) throws(ProgramEnd) in
    let path = call.arguments.operands[0]
    let control = try RestoreControl()
    defer { control.end() }
    let manifest = try BackupVerification.check(path)
    guard let keys = Keys(prefix: manifest.prefix) else {
      throw .failed(.failure, "\(path).json has a prefix that is none")
    }
    let access = try RedisAccess(call)
    return try await access.withStore { (store) throws(ProgramEnd) in
      // By the backup's prefix: another KEY_PREFIX would find none of its jobs.
      let store = JobStore(store.client, keys: keys, retention: store.retention)
      var outcome = Outcome(manifest: manifest, target: access.name)
      switch manifest.format {
      case .rdb: try await replicate(path, store, access, call, control, &outcome)
      case .dump:
        (outcome.keys, outcome.jobs) = try await DumpRestore(store: store, name: access.name, control: control).run(
          path)
      }
      return ProgramEnd(.success, output: call.settings.isJSON ? outcome.json : outcome.text)
    }
  }

  /// By a server of our own over the file, whose replica the target becomes.
  @EventLoop
  private static func replicate(
    _ path: String, _ store: JobStore, _ access: RedisAccess, _ call: Call, _ control: RestoreControl,
    _ outcome: inout Outcome
  ) async throws(ProgramEnd) {
    let listen = try listen(call, access)
    let target = try await ReplicaTarget(store.client, name: access.name, control)
    let source = try await SourceServer(
      path, listen: listen, program: call.arguments["redis-server"], database: outcome.manifest.database, control)
    do throws(ProgramEnd) {
      // Before the target sees any of it: an old token finds nothing at no time.
      let jobs = JobStore(source.client, keys: store.keys, retention: store.retention)
      do throws(JobError) {
        outcome.jobs = try await Reissue.all(in: jobs) { control.tell("\($0) jobs looked at") }
      } catch {
        throw .store(error, at: "the temporary server")
      }
      try control.check()
      outcome.keys = try await target.fill(from: source)
      outcome.persistence = try await target.persistence()
    } catch {
      await source.end()
      throw error
    }
    await source.end()
  }

  private static func listen(_ call: Call, _ access: RedisAccess) throws(ProgramEnd) -> String {
    if let address = call.arguments["listen"] {
      guard !address.isEmpty, address.utf8.count <= 64,
        address.utf8.allSatisfy({ isAddressByte($0) })
      else { throw .usage("--listen is \"\(address)\"; expected an address of this machine, such as 10.1.2.3") }
      return address
    }
    switch access.settings.redis.endpoint {
    case .unix, .tcp("localhost", _), .tcp("127.0.0.1", _), .tcp("::1", _): return "127.0.0.1"
    case .tcp:
      throw .usage(
        "restore into a server elsewhere needs --listen ADDRESS: an address of this machine that it can reach")
    }
  }

  private static func isAddressByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}

/// What a restore did.
private struct Outcome: Sendable {
  let manifest: BackupManifest
  let target: String
  var keys: Int64 = 0
  var jobs = Reissue.Report()
  var persistence: String?

  var text: String {
    var text = "\(target): \(keys) keys, \(jobs.jobs) jobs, \(jobs.takenBack) of them put back that ran at the backup\n"
    if let persistence { text += "on disk: \(persistence)\n" }
    if manifest.format == .dump { text += "the backup is of no single moment: run `jobctl doctor --repair`\n" }
    return text
  }

  var json: String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("target", target)
      writer.field("format", manifest.format.rawValue)
      writer.field("keys", keys)
      writer.field("jobs", jobs.jobs)
      writer.field("taken_back", jobs.takenBack)
      if let persistence { writer.field("persistence", persistence) }
    }
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }
}
