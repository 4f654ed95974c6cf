import Foundation
import HTTPWire
import JSONWire
import TestSupport
import Testing

@testable import Producer

/// docs/api.md, the catalog of problems and `/openapi.json` say the same.
@Suite("What is written about the API") struct DocumentedAPITests {
  private static let page = Result {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("docs/api.md"), encoding: .utf8)
  }

  /// The cells of each row of a table that begins with one of some words.
  private static func rows(_ starts: String...) throws -> [[String]] {
    let lines = try page.get().split(separator: "\n").filter { line in starts.contains { line.hasPrefix("| " + $0) } }
    return lines.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  private static func numbers(_ text: String) -> Set<Int> {
    Set(text.matches(of: /[1-5][0-9]{2}/).compactMap { Int($0.output) })
  }

  /// Paths alike but for the names of their parameters.
  private static func shape(_ path: String) -> String { path.replacing(/\{[a-z_]+\}/, with: "{}") }

  /// The operations that a row of the table of paths is about.
  private static func operations(_ cell: String, of all: [DescribedOperation]) -> [DescribedOperation] {
    let methods = Set(cell.matches(of: /\b(GET|POST|PUT|PATCH|DELETE)\b/).map { String($0.1) })
    let known = Set(all.map { shape($0.template) })
    var paths: [String] = []
    for match in cell.matches(of: /`(\/[^`]*)`/) {
      let path = shape(String(match.1))
      // `/pause`, `/resume`: the last part of the path before, changed.
      let stem = paths.last?.split(separator: "/").dropLast().joined(separator: "/") ?? ""
      paths.append(known.contains(path) ? path : "/" + stem + path)
    }
    return all.filter { paths.contains(shape($0.template)) && methods.contains($0.method) }
  }

  @Test("the table of paths names every operation, and exactly the statuses that are described")
  func paths() throws {
    let all = try DescribedOperation.all()
    // What many paths share stands below the table.
    let shared: Set<Int> = [400, 401, 403, 429]
    var named: Set<String> = []
    let rows = try Self.rows("GET `", "POST `", "PUT `", "PUT, ", "PATCH `", "DELETE `")
    #expect(rows.count > 25)
    for row in rows {
      let about = Self.operations(row[0], of: all)
      #expect(!about.isEmpty, "\(row)")
      named.formUnion(about.map(\.id))
      let written = Self.numbers(row[2] + " " + (row.count > 3 ? row[3] : ""))
      let described = about.reduce(into: Set<Int>()) { $0.formUnion($1.statuses) }
      #expect(written.subtracting(described).sorted() == [], "\(row[0]) promises what is not described")
      #expect(
        described.subtracting(shared).subtracting(written).sorted() == [], "\(row[0]) leaves out what is described")
    }
    let unnamed = Set(all.map(\.id)).subtracting(named)
    // The dashboard's own files.
    #expect(unnamed == ["dashboardStyle", "dashboardScript"])
  }

  @Test("every type of problem is in the description, under its status, and every one there has its page")
  func problems() throws {
    let components = try #require(try JSONDocument(WebFiles.bytes("openapi.json")).root["components"])
    let types = try #require(components["schemas"]?["Problem"]?["properties"]?["type"]?["enum"]).elements
    let described = types.compactMap { $0.asString?.replacing("/problems/", with: "") }
    let entries = ProblemCatalog().entries
    #expect(Set(described) == Set(entries.keys) && described.count == entries.count)
    // Each status has a response that lists its types.
    let texts = try #require(components["responses"]).members.compactMap { $0.value["description"]?.asString }
    for slug in entries.keys { #expect(texts.contains { $0.contains("`\(slug)`") }, "\(slug)") }
    let named = texts.flatMap { $0.matches(of: /`([a-z-]+)`/).map { String($0.1) } }
    #expect(Set(named).subtracting(entries.keys).isEmpty)
  }

  @Test(
    "the tables of errors have the types and statuses of the catalog, and leave out none but those of bytes that are no HTTP"
  )
  func errors() throws {
    let entries = ProblemCatalog().entries
    var written: Set<String> = []
    for row in try Self.rows("`/problems/") where row.count > 1 && !Self.numbers(row[1]).isEmpty {
      for match in row[0].matches(of: /\/problems\/([a-z-]+)/) {
        let slug = String(match.1)
        written.insert(slug)
        let entry = try #require(entries[slug], "\(slug)")
        #expect(Self.numbers(row[1]).contains(entry.status), "\(slug) is \(entry.status)")
      }
    }
    let parsing = HTTPParseError.allCases.map { $0.code.replacing("_", with: "-") }
    #expect(Set(entries.keys).subtracting(written).subtracting(parsing).sorted() == [])
  }
}
