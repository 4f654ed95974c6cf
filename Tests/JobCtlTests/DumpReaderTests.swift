import Sealing
import Service
import TestSupport
import Testing

@testable import JobCtl

@Suite("The file of a backup by scan")
struct DumpReaderTests {
  private static let records = [
    DumpRecords.Record(key: Array("wc:{q}:job:a".utf8), endMs: 0, value: [1, 2, 3]),
    DumpRecords.Record(key: [0, 255, 10], endMs: 1_790_000_000_000, value: Array(repeating: 7, count: 70_000)),
    DumpRecords.Record(key: [], endMs: UInt64.max, value: [0]),
  ]

  private static func file(_ records: [DumpRecords.Record] = records, count: Int64? = nil) throws -> [UInt8] {
    var bytes = DumpRecords.head
    for record in records { bytes += record.encoded }
    bytes += DumpRecords.end(count: count ?? Int64(records.count))
    return bytes + (try Digest.sha256.hash(bytes))
  }

  private static func read(_ bytes: [UInt8]) throws -> [DumpRecords.Record] {
    let folder = try TemporaryFolder()
    try FileBytes.replace(folder.file("f"), with: bytes)
    let reader = try DumpReader(folder.file("f"))
    var records: [DumpRecords.Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  @Test("records come out as they went in, and none is a file too")
  func roundTrip() throws {
    #expect(try Self.read(Self.file()) == Self.records)
    #expect(try Self.read(Self.file([])) == [])
  }

  @Test("a file that is cut anywhere is refused")
  func cut() throws {
    let bytes = try Self.file([Self.records[0], Self.records[2]])
    for count in 0..<bytes.count {
      #expect(throws: ProgramEnd.self, "\(count) of \(bytes.count) bytes") { try Self.read(Array(bytes.prefix(count))) }
    }
    #expect(throws: ProgramEnd.self) { try Self.read(bytes + [0]) }
    #expect(throws: ProgramEnd.self) { try Self.read(Self.file(count: 2)) }
  }

  @Test("a file that is changed anywhere is refused")
  func changed() throws {
    var random = SeededGenerator()
    let bytes = try Self.file([Self.records[0], Self.records[2]])
    for _ in 0..<2000 {
      let mutant = random.mutate(bytes)
      if mutant == bytes { continue }
      #expect(throws: ProgramEnd.self, "\(random)") { try Self.read(mutant) }
    }
  }
}
