import Glibc
import Jobs
import RedisWire
import Service
import Transport

/// `jobctl backup`: all data of the server into one file, while everything goes on.
enum BackupCommand {
  static let backup = Command(
    name: "backup", operands: "FILE|FOLDER", operandCount: 1...1,
    summary: "write all of Redis to a file, of one moment, while everything runs; --verify checks one",
    options: RedisAccess.options + [
      Option("method", "rdb|scan", "rdb (as a replica would ask for it), or scan: key by key, where that is refused"),
      Option("verify", nil, "check FILE against its manifest and checksums instead"),
      Option("note", nil, "note in Redis that a good backup of this time exists, for the metric and its alerts"),
    ],
    examples: [
      "backup /var/backups/whispercache/", "backup before-upgrade.rdb --redis-url unix:///run/redis.sock",
      "backup managed.dump --method scan", "backup before-upgrade.rdb --verify",
      "backup copied-away.rdb --verify --note",
    ]
  ) { (call) throws(ProgramEnd) in
    let path = call.arguments.operands[0]
    if call.arguments.has("verify") { return try await verify(path, call) }
    let format: BackupManifest.Format
    switch call.arguments["method"] ?? "rdb" {
    case "rdb": format = .rdb
    case "scan": format = .dump
    case let other: throw .usage("--method is \"\(other)\"; expected rdb or scan")
    }
    let access = try RedisAccess(call)
    return try await access.withStore { (store) throws(ProgramEnd) in
      let file = try BackupFile(name(path, format))
      defer { file.abandon() }
      let manifest = try await write(file, format, access, store)
      try file.commit(manifest: manifest.encoded)
      let warning = call.arguments.has("note") ? await BackupNote.take(manifest, in: store, at: access.name) : nil
      let text =
        call.settings.isJSON
        ? String(decoding: manifest.encoded, as: UTF8.self)
        : "\(file.path): \(file.count) bytes, \(manifest.keys) keys, sha256 \(manifest.sha256)\n"
      return ProgramEnd(.success, output: text, errors: warning ?? "")
    }
  }

  /// Reads the settings of Redis only when there is something to note.
  private static func verify(_ path: String, _ call: Call) async throws(ProgramEnd) -> ProgramEnd {
    let (manifest, end) = try BackupVerification.run(path, isJSON: call.settings.isJSON)
    guard call.arguments.has("note") else { return end }
    let access = try RedisAccess(call)
    return try await access.withStore { (store) throws(ProgramEnd) in
      let warning = await BackupNote.take(manifest, in: store, at: access.name)
      return ProgramEnd(.success, output: end.output, errors: warning ?? "")
    }
  }

  /// In a folder the name is the time.
  private static func name(_ path: String, _ format: BackupManifest.Format) -> String {
    var status = stat()
    guard path.hasSuffix("/") || (stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR) else { return path }
    let time = Timestamp(unixMs: WallClock.nowMs()).description.filter { $0 != "-" && $0 != ":" }.prefix(15)
    return "\(path)\(path.hasSuffix("/") ? "" : "/")whispercache-\(time)Z.\(format.rawValue)"
  }

  @EventLoop
  private static func write(
    _ file: BackupFile, _ format: BackupManifest.Format, _ access: RedisAccess, _ store: JobStore
  ) async throws(ProgramEnd) -> BackupManifest {
    let facts: ServerFacts
    do throws(RedisError) {
      facts = try await ServerFacts(store.client)
    } catch {
      throw .redis(error, at: access.name)
    }
    var manifest = BackupManifest(
      format: format, sha256: "", bytes: 0, createdMs: WallClock.nowMs(), redisVersion: facts.version,
      runID: facts.runID, prefix: store.keys.prefix, database: access.settings.redis.database,
      keys: facts.keyspace["db\(access.settings.redis.database)"] ?? 0)
    do throws(JobError) {
      for queue in try await store.queues() { manifest.queues.append((queue.text, try await store.stats(queue))) }
    } catch {
      throw .store(error, at: access.name)
    }
    switch format {
    case .rdb:
      let origin = try await SnapshotBackup.run(access, into: file)
      manifest.replicationID = origin.replicationID
      manifest.offset = origin.offset
    case .dump: manifest.keys = try await ScanBackup.run(store, into: file)
    }
    manifest.sha256 = try file.finish()
    manifest.bytes = file.count
    return manifest
  }
}
