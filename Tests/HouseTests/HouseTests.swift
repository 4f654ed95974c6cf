import Foundation
import TestSupport
import Testing

@Suite("The house")
struct HouseTests {
  @Test("no source imports what its module may not")
  func imports() { report(House.swiftSources.flatMap(HouseRules.imports)) }

  @Test("every folder under Sources is in the list of modules")
  func modules() {
    let known = Set(House.floors.map(\.module))
    report(Set(House.sources.map(\.module)).subtracting(known).map { "Sources/\($0) is not in House.floors" })
  }

  @Test("imports point to earlier floors only, so there is no circle")
  func floors() {
    var seen: Set<String> = []
    for floor in House.floors {
      #expect(floor.imports.isSubset(of: seen), "\(floor.module) imports what comes later")
      seen.insert(floor.module)
    }
  }

  @Test("nothing in Sources can end the process or swallow an error")
  func traps() { report(House.swiftSources.flatMap(HouseRules.traps)) }

  @Test("nothing in Sources unwraps by force")
  func forceUnwraps() { report(House.swiftSources.flatMap(HouseRules.forceUnwraps)) }

  @Test("each unchecked promise to the compiler has its proof above it")
  func unproven() { report(House.swiftSources.flatMap(HouseRules.unproven)) }

  @Test("keys are built in one place")
  func keys() { report(House.swiftSources.flatMap(HouseRules.keys)) }

  @Test("no name that names nothing")
  func names() { report((House.sources + House.tests).flatMap(HouseRules.emptyNames)) }

  @Test("nothing is left to be done later")
  func promises() {
    report((House.sources + House.tests).filter { $0.module != "HouseTests" }.flatMap(HouseRules.promises))
  }

  @Test("files are short: none over 600 lines, half of them under 150")
  func sizes() {
    let sizes = House.sources.map { ($0.lines.count - 1, $0.path) }
    report(
      (sizes + House.tests.map { ($0.lines.count - 1, $0.path) }).filter { $0.0 > 600 }.map { "\($0.1): \($0.0) lines" }
    )
    let sorted = sizes.map(\.0).sorted()
    #expect(sorted[sorted.count / 2] < 150)
  }

  @Test("main.swift is short: configuration, build, run")
  func mains() {
    report(
      House.swiftSources.filter { $0.name == "main.swift" && $0.lines.count - 1 > 40 }.map {
        "\($0.path): over 40 lines"
      })
  }

  @Test("the shim over Linux has no room for logic")
  func shim() {
    let lines = House.sources.filter { $0.module == "CLinux" }.reduce(0) { $0 + $1.lines.count - 1 }
    #expect(lines > 0 && lines < 150, "\(lines) lines in Sources/CLinux")
  }

  @Test("each Lua script says what it takes and returns")
  func scripts() { report(House.sources.filter { $0.path.hasSuffix(".lua") }.flatMap(HouseRules.scriptHeader)) }

  @Test("HTTPWire has no word for a job, Proofs neither")
  func strangers() {
    let files = House.sources.filter { ["HTTPWire", "Proofs"].contains($0.module) }
    report(files.flatMap { HouseRules.words(#"(?i)(?<![a-z])jobs?(?![a-z])"#, in: $0) })
  }

  @Test("tests do not wait by sleeping, nor leave themselves out")
  func emptyTests() {
    let files = House.tests.filter { file in
      !["TestSupport/Eventually.swift", "HouseTests/"].contains(where: file.path.contains)
    }
    report(files.flatMap(HouseRules.emptyTests))
  }

  @Test("no path of one machine")
  func machinePaths() {
    let folders = ["Sources", "Tests", "Benchmarks", "scripts", ".ci", ".github", "docs", "ops", "k8s"]
    let root = (try? FileManager.default.contentsOfDirectory(atPath: House.root.path)) ?? []
    let files = folders.flatMap { House.files(under: $0) } + root.filter { $0 != ".git" }.compactMap(House.file(at:))
    report(files.flatMap(HouseRules.machinePaths))
  }

  private func report(_ violations: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    for violation in violations { Issue.record("\(violation)", sourceLocation: sourceLocation) }
  }
}
