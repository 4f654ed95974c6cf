import JSONWire
import TestSupport
import Testing

@testable import JobCtl

@Suite("CSV against Python's csv module")
struct CSVOracleTests {
  /// Random tables that Python wrote in random styles: each is read here as Python meant it.
  @Test("tables that Python wrote are read as it meant them", arguments: [",", "\t", ";"])
  func tables(delimiter: String) async throws {
    var random = SeededGenerator()
    let seed = UInt64.random(in: 0...UInt64(UInt32.max), using: &random)
    let lines = try await Oracles.run("csv_tables", ["write", "\(seed)", "400", delimiter])
    #expect(lines.count == 400)
    for line in lines {
      let table = try JSONDocument(bytes(line)).root
      let encoded = try #require(table["text"]?.asStringBytes)
      let expected = try #require(table["rows"]).elements.map { row in row.elements.map { $0.asStringBytes ?? [] } }
      let cut = Int.random(in: 0...encoded.count, using: &random)
      let found = CSVReaderTests.rows(
        encoded, cuts: [cut], delimiter: UInt8(ascii: delimiter.unicodeScalars.first ?? ","), limit: 1 << 20)
      let cells = try found.filter { !$0.text.isEmpty }.map { try $0.cells.get() }
      #expect(cells == expected, "seed \(seed), \(random): \(line)")
    }
  }
}
