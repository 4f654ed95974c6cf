import Foundation
import Glibc
import TestSupport
import Testing

@testable import JobCtl

@Suite("The checkpoint of a backfill")
struct CheckpointTests {
  private static let full = Checkpoint(
    run: "0123456789abcdef",
    settings: Checkpoint.Settings(
      format: "csv", kind: "test.noop", queue: "q", rejects: "a b.ndjson", results: "r\"\n.ndjson"),
    size: 123_456_789_012, head: Checkpoint.Excerpt(bytes: 65_536, sha256: "aa"),
    tail: Checkpoint.Excerpt(bytes: 4096, sha256: "bb"), heading: bytes("a,\"b\nü\""),
    place: InputPlace(offset: 5_000_000_000, lines: 7_000_000), tally: Tally(accepted: 6, replayed: 2, rejected: 1),
    rejectsBytes: 77, idsBytes: 88)

  @Test("it reads back as it was written")
  func roundTrip() throws {
    #expect(try Checkpoint(encoded: Self.full.encoded) == Self.full)
    let empty = Checkpoint(run: "r", settings: Checkpoint.Settings())
    #expect(try Checkpoint(encoded: empty.encoded) == empty)
  }

  @Test("another version is named, and what is cut is refused")
  func refusals() {
    let future = bytes(#"{"backfill":2,"what":"ever"}"#)
    #expect(throws: Checkpoint.Failure.version(2)) { try Checkpoint(encoded: future) }
    let whole = Self.full.encoded
    for end in 0..<(whole.count - 1) {
      #expect(throws: Checkpoint.Failure.self) { try Checkpoint(encoded: Array(whole[..<end])) }
    }
  }

  @Test("no mutation ends the process, or makes a place before the beginning")
  func mutations() {
    var random = SeededGenerator()
    for _ in 0..<50_000 {
      guard let checkpoint = try? Checkpoint(encoded: random.mutate(Self.full.encoded)) else { continue }
      #expect(checkpoint.place.offset >= 0 && checkpoint.place.lines >= 0 && checkpoint.idsBytes >= 0, "\(random)")
    }
  }

  @Test("it goes on with the same input and options alone, and says what differs")
  func mismatches() {
    let full = Self.full
    func mismatch(
      _ settings: Checkpoint.Settings = full.settings, size: Int64? = full.size,
      head: Checkpoint.Excerpt = full.head, tail: Checkpoint.Excerpt? = full.tail
    ) -> String? {
      full.mismatch(settings: settings, size: size, head: head, tail: tail)
    }
    #expect(mismatch() == nil)
    var other = full.settings
    other.queue = nil
    #expect(mismatch(other) == "it was begun with --queue q and is to go on without --queue")
    other = full.settings
    other.rejects = nil
    #expect(mismatch(other)?.contains("with --rejects 'a b.ndjson'") == true)
    #expect(mismatch(size: 5)?.contains("5 bytes") == true)
    #expect(mismatch(size: nil)?.contains("stream") == true)
    #expect(mismatch(head: Checkpoint.Excerpt(bytes: 1, sha256: "x"))?.contains("begins otherwise") == true)
    #expect(mismatch(tail: Checkpoint.Excerpt(bytes: 4096, sha256: "x"))?.contains("has changed") == true)
    #expect(mismatch(tail: nil)?.contains("ends before") == true)
    let stream = Checkpoint(run: "r", settings: Checkpoint.Settings())
    #expect(
      stream.mismatch(settings: Checkpoint.Settings(), size: 1, head: Checkpoint.Excerpt(), tail: Checkpoint.Excerpt())
        != nil)
  }

  @Test("the bytes before a place are told, however they came")
  func recent() {
    var random = SeededGenerator()
    let input = (0..<30_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    for _ in 0..<50 {
      var recent = RecentBytes(offset: 0)
      var (read, place) = (0, 0)
      while read < input.count {
        let end = min(input.count, read + Int.random(in: 1...5000, using: &random))
        recent.append(Array(input[read..<end]))
        read = end
        place = Int.random(in: place...read, using: &random)
        #expect(
          recent.tail(before: Int64(place)) == Array(input[max(0, place - RecentBytes.reach)..<place]), "\(random)")
      }
      let cut = Int.random(in: 0...3000, using: &random)
      var shorter = recent.without(last: cut)
      let end = input.count - cut
      #expect(shorter.tail(before: Int64(end)).suffix(100) == input[..<end].suffix(100), "\(random)")
      shorter.append(Array(input[end...]))
      #expect(shorter.tail(before: Int64(input.count)) == input.suffix(RecentBytes.reach), "\(random)")
    }
  }

  @Test("a file that grows is cut to what is noted, and a shorter one is refused")
  func appendFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("grows")
    do {
      let file = try AppendFile(path, length: 0)
      try file.append(bytes("one\ntwo\nhal"))
      try file.sync()
      #expect(file.length == 11)
    }
    let file = try AppendFile(path, length: 8)
    try file.append(bytes("three\n"))
    #expect(file.length == 14)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "one\ntwo\nthree\n")
    #expect(throws: (any Error).self) { try AppendFile(path, length: 15) }
    #expect(throws: (any Error).self) { try AppendFile(folder.file("no/such"), length: 0) }
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }
}
