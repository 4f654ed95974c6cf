import JSONWire
import Jobs
import Service

/// What a backup is, in `FILE.json` beside it.
struct BackupManifest: Sendable, Equatable {
  /// How the file is written.
  enum Format: String, Sendable {
    /// Redis' own snapshot: everything in the server, of one moment.
    case rdb
    /// Keys one after the other, as `DUMP` gives them; see `DumpRecords`.
    case dump
  }

  var format: Format
  var sha256: String
  var bytes: Int64
  var createdMs: Int64
  var redisVersion: String
  var runID: String
  /// The moment, for an RDB.
  var replicationID: String?
  var offset: Int64?
  var prefix: String
  /// The database that REDIS_URL named; an RDB holds the others too.
  var database: Int
  /// Keys: of database 0 for an RDB, in the file for a dump.
  var keys: Int64
  /// Jobs of each queue by state, counted just before.
  var queues: [(name: String, stats: QueueStats)] = []

  static func path(of file: String) -> String { "\(file).json" }

  /// Whether two say the same about the file.
  static func == (left: Self, right: Self) -> Bool { left.encoded == right.encoded }

  /// The manifest as JSON.
  var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("format", format.rawValue)
      writer.field("sha256", sha256)
      writer.field("bytes", bytes)
      writer.field("point_in_time", format == .rdb)
      writer.field("created_at", Timestamp(unixMs: createdMs).description)
      writer.field("jobctl_version", BuildInfo.version)
      writer.field("redis_version", redisVersion)
      writer.field("run_id", runID)
      if let replicationID { writer.field("replication_id", replicationID) }
      if let offset { writer.field("offset", offset) }
      writer.field("prefix", prefix)
      writer.field("database", database)
      writer.field("keys", keys)
      writer.object("queues") { writer in
        for (name, stats) in queues {
          writer.object(name) { writer in
            writer.field("ready", stats.ready)
            writer.field("scheduled", stats.scheduled)
            writer.field("retrying", stats.retrying)
            writer.field("running", stats.running)
            writer.field("done", stats.done)
            writer.field("dead", stats.dead)
          }
        }
      }
    }
    return writer.bytes + [10]
  }

  /// Reads what verifying and restoring need.
  ///
  /// - Throws: exit code 1 when the file is missing or is no manifest.
  static func read(of file: String) throws(ProgramEnd) -> BackupManifest {
    let path = path(of: file)
    let bytes: [UInt8]
    do throws(FileBytes.Failure) {
      bytes = try FileBytes.read(path, limit: 16 << 20)
    } catch {
      throw .failed(.failure, "\(path) cannot be read: \(error); it was written together with \(file)")
    }
    do throws(JSONError) {
      let root = try JSONDocument(bytes, limits: JSONLimits(bytes: 16 << 20)).root
      if let format = root["format"]?.asString.flatMap({ Format(rawValue: $0) }),
        let sha256 = root["sha256"]?.asString, sha256.utf8.count == 64, let bytes = root["bytes"]?.asInt64, bytes >= 0,
        let created = root["created_at"]?.asString.flatMap({ Timestamp(rfc3339: $0) }),
        let version = root["redis_version"]?.asString, let runID = root["run_id"]?.asString,
        let prefix = root["prefix"]?.asString, let database = root["database"]?.asInt64.flatMap({ Int(exactly: $0) }),
        let keys = root["keys"]?.asInt64
      {
        return BackupManifest(
          format: format, sha256: sha256, bytes: bytes, createdMs: created.unixMs, redisVersion: version, runID: runID,
          replicationID: root["replication_id"]?.asString, offset: root["offset"]?.asInt64, prefix: prefix,
          database: database,
          keys: keys)
      }
    } catch {
      throw .failed(.failure, "\(path) is no manifest: it is no JSON (\(error.code) at byte \(error.offset))")
    }
    throw .failed(.failure, "\(path) is no manifest of a backup: a field is missing or not valid")
  }
}
