import Jobs
import Service
import Transport

/// The note in Redis of the last good backup, which the producers' metric shows and alerts watch.
enum BackupNote {
  /// Notes a backup, unless a later one is noted already.
  ///
  /// - Returns: what to warn of when it could not be noted. A backup is no worse for that: its server may be a replica, or
  ///   let this user read only.
  @EventLoop
  static func take(_ manifest: BackupManifest, in store: JobStore, at name: String) async -> String? {
    do throws(JobError) {
      let now = try await store.nowMs()
      // A note from the future is of a clock that was wrong, and would hide that backups are missing.
      if let last = try await store.lastBackupMs(), last >= manifest.createdMs, last <= now { return nil }
      try await store.noteBackup(atMs: manifest.createdMs)
      return nil
    } catch {
      let reason = ProgramEnd.store(error, at: name).errors.trimmingPrefix("jobctl: ")
      return "jobctl: warning: the backup is good, but it could not be noted in Redis: \(reason)"
    }
  }
}
