import Foundation
import HTTPWire
import TestSupport
import Testing

@testable import Producer

@Suite("The catalog of problems") struct ProblemCatalogTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The slugs that the sources answer with: the string after a status in `Problem(` or `init(`.
  private static func used() throws -> Set<String> {
    var slugs: Set<String> = []
    let call = /(?:Problem|init)\( ?\.(?:init\(\d+\)|[a-zA-Z]+), "([a-z][a-z-]*)"/
    for module in ["Producer", "HTTPWire"] {
      let folder = root.appendingPathComponent("Sources/\(module)")
      let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
      for name in names where name.hasSuffix(".swift") {
        let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
          .replacing(/\s+/, with: " ")
        for match in text.matches(of: call) { slugs.insert(String(match.1)) }
      }
    }
    return slugs
  }

  @Test("every problem that the sources name has its page")
  func complete() throws {
    let used = try Self.used()
    #expect(used.count > 25 && used.contains("job-not-found") && used.contains("not-found"))
    let missing = used.subtracting(ProblemCatalog().entries.keys)
    #expect(missing.isEmpty, "\(missing.sorted())")
  }

  @Test("a problem's type leads to what it means")
  func pages() async throws {
    try await withProducer { producer async throws in
      let answer = try await producer.http.get("/api/v1/jobs/nothing")
      let page = try await producer.http.get(try #require(answer.json["type"].string))
      #expect(page.status == 200 && page.json["status"].int == 404)
      #expect(page.json["meaning"].string?.isEmpty == false && page.json["advice"].string?.isEmpty == false)
      let list = try await producer.http.get("/problems")
      #expect(list.json["problems"].elements.count == ProblemCatalog().entries.count)
      #expect(try await producer.http.get("/problems/no-such-thing").status == 404)
      for error in HTTPParseError.allCases {
        let slug = error.code.replacing("_", with: "-")
        #expect(try await producer.http.get("/problems/\(slug)").json["status"].int == error.status.code)
      }
    }
  }
}
