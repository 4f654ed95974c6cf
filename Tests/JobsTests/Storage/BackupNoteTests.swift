import TestSupport
import Testing
import Transport

@testable import Jobs

@Suite("The note of the last backup") struct BackupNoteTests {
  @Test("the last backup is noted; a value that a person spoilt is none")
  func backup() async throws {
    try await StoreFixture.run(RedisServer()) { fixture async throws in
      #expect(try await fixture.store.lastBackupMs() == nil)
      try await fixture.store.noteBackup(atMs: 1_790_000_000_000)
      #expect(try await fixture.store.lastBackupMs() == 1_790_000_000_000)
      for spoilt in ["yesterday", "-5", "1e300"] {
        try fixture.beside.command("HSET", "wc:meta", "backup_last_success_ms", spoilt)
        #expect(try await fixture.store.lastBackupMs() == nil, "\(spoilt)")
      }
    }
  }
}
