import Jobs
import RedisWire
import Sealing
import Service
import Transport

/// Reads key by key where a server gives no snapshot: not of one moment, as keys change meanwhile.
@EventLoop
enum ScanBackup {
  /// Writes all keys of the prefix.
  ///
  /// - Returns: how many records there are; a key that SCAN met twice is there twice.
  /// - Redis: SCAN, DUMP, PEXPIRETIME, since 7.0.
  static func run(_ store: JobStore, into file: BackupFile) async throws(ProgramEnd) -> Int64 {
    var line = ProgressLine()
    defer { line.end() }
    let records = try DigestedRecords(file)
    var cursor = "0"
    var count: Int64 = 0
    do throws(RedisError) {
      repeat {
        let page = try await store.client.execute(
          RedisCommand("SCAN", cursor, "MATCH", "\(store.keys.prefix):*", "COUNT", "256"))
        guard let parts = page.elements, parts.count == 2, let next = parts[0].string, let keys = parts[1].elements
        else { throw RedisError.server(code: "ERR", message: "SCAN answered no cursor and page") }
        cursor = next
        for record in try await self.records(keys.compactMap(\.bytes), store.client) {
          guard records.write(record.encoded) else { break }
          count += 1
        }
        if file.failure != nil { break }
        line.tell { "\(count) keys, \(ByteRate.text(file.count, of: nil, seconds: $0))" }
      } while cursor != "0"
    } catch {
      throw .redis(error, at: "the backup ended after \(count) keys")
    }
    try records.end(count: count)
    return count
  }

  /// Keys that ended between SCAN and DUMP are left out.
  private static func records(
    _ keys: [[UInt8]], _ client: RedisClient
  ) async throws(RedisError) -> [DumpRecords.Record] {
    var commands: [RedisCommand] = []
    for key in keys {
      for name in ["PEXPIRETIME", "DUMP"] as [StaticString] {
        var command = RedisCommand(name)
        command.append(key)
        commands.append(command)
      }
    }
    let replies = try await client.execute(all: commands)
    var records: [DumpRecords.Record] = []
    for (index, key) in keys.enumerated() {
      guard replies.count > 2 * index + 1, let value = replies[2 * index + 1].bytes else { continue }
      records.append(
        DumpRecords.Record(key: key, endMs: UInt64(max(0, replies[2 * index].int ?? 0)), value: value))
    }
    return records
  }
}

/// The records of a file on their way, and the checksum that closes them.
private final class DigestedRecords {
  private let file: BackupFile
  private var digest: RunningDigest?

  init(_ file: BackupFile) throws(ProgramEnd) {
    self.file = file
    do throws(SealingError) {
      digest = try RunningDigest(.sha256)
    } catch {
      throw file.unwritten("\(error)")
    }
    guard write(DumpRecords.head) else { throw file.unwritten(file.failure ?? "") }
  }

  func write(_ bytes: [UInt8]) -> Bool {
    do throws(SealingError) {
      try digest?.update(bytes)
    } catch {
      return false
    }
    return file.write(bytes)
  }

  func end(count: Int64) throws(ProgramEnd) {
    guard write(DumpRecords.end(count: count)), let digest = self.digest.take() else {
      throw file.unwritten(file.failure ?? "the checksum cannot be made")
    }
    let hash: [UInt8]
    do throws(SealingError) { hash = try digest.finish() } catch { throw file.unwritten("\(error)") }
    guard file.write(hash) else { throw file.unwritten(file.failure ?? "") }
  }
}
