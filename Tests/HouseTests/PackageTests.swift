import Foundation
import TestSupport
import Testing

@Suite("Package.swift")
struct PackageTests {
  struct Manifest: Decodable {
    struct Target: Decodable {
      let name: String
      let type: String
      let path: String?
      let dependencies: [[String: [Entry?]]]

      /// `byName` and `target` dependencies are both a list whose first element is the name.
      var dependencyNames: [String] { dependencies.flatMap { $0.values.compactMap { $0.first??.text } } }
    }

    /// A string, or a condition, which does not matter here.
    struct Entry: Decodable {
      let text: String?
      init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
      }
    }

    struct Package: Decodable {}
    let dependencies: [Package]
    let targets: [Target]
  }

  @Test("it holds each module to the floors of the house, and names no package")
  func manifest() async throws {
    let scratch = try TemporaryFolder()
    let json = try await Tool.output(
      of: "swift",
      ["package", "--package-path", House.root.path, "--scratch-path", scratch.path, "dump-package"],
      within: .seconds(120))
    let manifest = try JSONDecoder().decode(Manifest.self, from: Data(json.utf8))
    #expect(manifest.dependencies.isEmpty)
    let modules = manifest.targets.filter { $0.type != "test" && $0.path == nil }
    #expect(modules.count >= 15)
    for module in modules {
      let allowed = try #require(House.imports(of: module.name), "\(module.name) is not in House.floors")
      let surplus = Set(module.dependencyNames).subtracting(allowed)
      #expect(surplus.isEmpty, "\(module.name) may not import \(surplus.sorted())")
    }
    #expect(!modules.contains { $0.dependencyNames.contains("TestSupport") })
  }

  @Test("it names no package and no unsafe flag, in any branch")
  func text() throws {
    let file = try #require(House.file(at: "Package.swift"))
    #expect(file.codeLines(matching: #"\.package\(|unsafeFlags"#).isEmpty)
  }
}
