import Service
import TestSupport
import Testing

@testable import JobCtl

@Suite("What a backup says of itself")
struct BackupTextTests {
  @Test("INFO is read line by line, whatever is in it")
  func facts() {
    let text =
      "# Server\r\nredis_version:7.0.15\r\nrun_id:ab\r\n\r\n# Keyspace\r\ndb0:keys=5,expires=1\r\ndb12:keys=7\r\ndbx:keys=9\r\nno"
    let facts = ServerFacts(text: text)
    #expect(facts.version == "7.0.15" && facts.runID == "ab")
    #expect(facts.keyspace == ["db0": 5, "db12": 7] && facts.keys == 12)
    let nothing = ServerFacts(text: "")
    #expect(nothing.version == "unknown" && nothing.keys == 0)
    #expect(ServerFacts(text: "db0:nonsense\ndb1:\n:::").keys == 0)
  }

  @Test("a manifest is read as it was written, and anything else is refused")
  func manifest() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("a.rdb")
    let manifest = BackupManifest(
      format: .rdb, sha256: String(repeating: "a", count: 64), bytes: 5, createdMs: 1_790_000_000_000,
      redisVersion: "7.0.15", runID: "r", replicationID: "p", offset: 9, prefix: "wc", database: 0, keys: 3)
    try FileBytes.replace("\(file).json", with: manifest.encoded)
    #expect(try BackupManifest.read(of: file) == manifest)
    let text = String(decoding: manifest.encoded, as: UTF8.self)
    for (old, new) in [
      ("\"rdb\"", "\"tar\""), ("aaaa", ""), ("\"bytes\":5", "\"bytes\":-5"), ("\"bytes\":5", "\"bytes\":\"5\""),
      ("2026", "MMXXVI"), ("{", ""), ("\"keys\":3", "\"keys\":3.5"),
    ] {
      try FileBytes.replace("\(file).json", with: Array(text.replacing(old, with: new).utf8))
      let end = #expect(throws: ProgramEnd.self, "\(new)") { try BackupManifest.read(of: file) }
      #expect(end?.code == .failure && end?.errors.contains("manifest") == true)
    }
  }

  @Test("bytes and rates are told in mebibytes")
  func rates() {
    #expect(ByteRate.text(3 << 20, of: nil, seconds: 2) == "3.0 MiB, 1.5 MiB/s")
    #expect(ByteRate.text(1 << 19, of: 1 << 20, seconds: 0) == "0.5 of 1.0 MiB, 0.0 MiB/s")
    #expect(ByteRate.text(.max, of: .max, seconds: 1e-300).contains("? MiB/s"))
    #expect(ProgressLine.share(5, of: 10) == "5 of 10 (50%)" && ProgressLine.share(5, of: nil) == "5")
  }
}
