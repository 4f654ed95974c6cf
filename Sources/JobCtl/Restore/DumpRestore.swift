import Jobs
import RedisWire
import Service
import Transport

/// Puts the keys of a backup by scan into a server, by `RESTORE`.
///
/// Jobs come first, each batch in one transaction with the call that makes their tokens old; then the lists and sets, so
/// that no id is in a line before its job is there; then what ran is put back.
@EventLoop
struct DumpRestore {
  let store: JobStore
  let name: String
  let control: RestoreControl

  private static let batchKeys = 64
  private static let batchBytes = 4 << 20

  /// - Returns: how many keys there are, and what was done to the jobs.
  /// - Throws: exit code 1 when the server holds keys or refuses one; it holds a part then, and the error says so.
  func run(_ path: String) async throws(ProgramEnd) -> (keys: Int64, jobs: Reissue.Report) {
    let before = try await size()
    guard before == 0 else { throw ReplicaTarget.notEmpty(name, before) }
    do throws(ProgramEnd) {
      return try await fill(path)
    } catch {
      throw ProgramEnd(
        error.code,
        errors: error.errors + "jobctl: \(name) may hold a part of the backup; empty it before the next try\n")
    }
  }

  private func fill(_ path: String) async throws(ProgramEnd) -> (keys: Int64, jobs: Reissue.Report) {
    do throws(JobError) { try await Reissue.prepare(store) } catch { throw .store(error, at: name) }
    let jobs = try await put(path, isOfJobs: true)
    _ = try await put(path, isOfJobs: false)
    control.tell("putting back what ran")
    var report: Reissue.Report
    do throws(JobError) { report = try await Reissue.leases(in: store) } catch { throw .store(error, at: name) }
    report.jobs = jobs
    return (try await size(), report)
  }

  /// One pass over the file: the jobs, or all but the jobs.
  private func put(_ path: String, isOfJobs: Bool) async throws(ProgramEnd) -> Int64 {
    let reader = try DumpReader(path)
    var batch: [DumpRecords.Record] = []
    var bytes = 0
    var count: Int64 = 0
    while let record = try reader.next() {
      try control.check()
      let key = String(validating: record.key, as: UTF8.self)
      let isJob = key.map { Reissue.job(of: $0, in: store.keys) != nil } ?? false
      guard isJob == isOfJobs else { continue }
      count += 1
      batch.append(record)
      bytes += record.value.count
      if batch.count >= Self.batchKeys || bytes >= Self.batchBytes {
        try await send(batch)
        (batch, bytes) = ([], 0)
        control.tell(
          "\(isOfJobs ? "jobs" : "lists and sets"): \(ProgressLine.share(reader.progress.done, of: reader.progress.total)) bytes"
        )
      }
    }
    try await send(batch)
    return count
  }

  /// One transaction: the keys, and old tokens for the jobs among them.
  private func send(_ batch: [DumpRecords.Record]) async throws(ProgramEnd) {
    guard !batch.isEmpty else { return }
    var commands = [RedisCommand("MULTI")]
    var jobs: [QueueName: [String]] = [:]
    for record in batch {
      var command = RedisCommand("RESTORE")
      command.append(record.key)
      command.append(String(record.endMs))
      command.append(record.value)
      command.append("REPLACE" as StaticString)
      command.append("ABSTTL" as StaticString)
      commands.append(command)
      if let key = String(validating: record.key, as: UTF8.self), let job = Reissue.job(of: key, in: store.keys) {
        jobs[job.queue, default: []].append(job.id)
      }
    }
    for (queue, ids) in jobs { commands.append(Reissue.command(tokensOf: ids, of: queue, in: store)) }
    commands.append(RedisCommand("EXEC"))
    let replies: [RESPValue]
    do throws(RedisError) { replies = try await store.client.execute(all: commands) } catch {
      throw .redis(error, at: name)
    }
    for reply in replies.last?.elements ?? [] {
      if let error = reply.error { throw .failed(.failure, "\(name) refuses a key: \(error)") }
    }
  }

  private func size() async throws(ProgramEnd) -> Int64 {
    do throws(RedisError) {
      return try await store.client.execute(RedisCommand("DBSIZE")).int ?? 0
    } catch {
      throw .redis(error, at: name)
    }
  }
}
