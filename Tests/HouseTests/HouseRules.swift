import Foundation

/// The rules of the house as functions from a file to what is wrong in it, so that each can be shown to bite.
enum HouseRules {
  /// Imports that the file's module may not have.
  static func imports(_ file: SourceFile) -> [String] {
    let allowed = (House.imports(of: file.module) ?? []).union(House.system)
    return importedModules(file).filter { !allowed.contains($0.module) }
      .map { "\(file.path):\($0.line): \(file.module) may not import \($0.module)" }
  }

  static func importedModules(_ file: SourceFile) -> [(line: Int, module: String)] {
    let pattern =
      #"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|protocol|func|let|var|typealias|actor)\s+)?(\w+)"#
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return [(0, "no pattern")] }
    return file.code.enumerated().compactMap { index, line in
      let whole = NSRange(line.startIndex..., in: line)
      guard let match = expression.firstMatch(in: line, range: whole), let name = Range(match.range(at: 1), in: line)
      else { return nil }
      return (index + 1, String(line[name]))
    }
  }

  /// Code that can end the process or hide an error.
  static func traps(_ file: SourceFile) -> [String] {
    file.codeLines(matching: #"\btry[!?]|\bas!|\bfatalError\s*\("#)
  }

  /// Force unwraps, also those of a declared type.
  static func forceUnwraps(_ file: SourceFile) -> [String] {
    file.codeLines(matching: #"[A-Za-z0-9_)\]>]!(?![=A-Za-z0-9_])"#)
  }

  /// Notes of what is not done.
  static func promises(_ file: SourceFile) -> [String] {
    numbered(file, file.lines, matching: #"\b(TODO|FIXME|XXX|HACK)\b"#)
  }

  /// `@unchecked Sendable` and `nonisolated(unsafe)` without a comment directly above that says what makes it safe.
  static func unproven(_ file: SourceFile) -> [String] {
    let promise = #"@unchecked\s+Sendable|nonisolated\(unsafe\)"#
    let proof =
      #"(?i)\b(lock|mutex|guard|guards|guarded|only|alone|once|before|after|never|thread|loop|immutable|atomic|owns?|owner|confined)"#
    let promises = file.code.indices.filter { file.code[$0].range(of: promise, options: .regularExpression) != nil }
    return promises.filter { index in
      var comment: [String] = []
      for above in file.code[..<index].indices.reversed() {
        let line = file.lines[above].trimmingCharacters(in: .whitespaces)
        // One comment may stand above several such lines, and above attributes.
        if comment.isEmpty && (line.hasPrefix("@") || promises.contains(above)) { continue }
        guard line.hasPrefix("//") else { break }
        comment.append(line)
      }
      return comment.joined(separator: " ").range(of: proof, options: .regularExpression) == nil
    }.map { "\(file.path):\($0 + 1): no comment above says what makes this safe: \(file.lines[$0])" }
  }

  /// Parts of Redis keys written outside Keys.swift.
  static func keys(_ file: SourceFile) -> [String] {
    if file.path.hasPrefix("Sources/Jobs/") && file.name == "Keys.swift" { return [] }
    let part =
      #"^wc:|\bwc:\{|:(ready|running|scheduled|retrying|wake|idem|unique):?$|\}:(job|ready|done|dead|events|config|stats)\b"#
    return file.literals.filter { $0.text.range(of: part, options: .regularExpression) != nil }
      .map { "\(file.path):\($0.line): a key is built here, not in Jobs/Keys.swift: \"\($0.text)\"" }
  }

  /// Words that name nothing, in the file's name and in the types that it declares.
  static func emptyNames(_ file: SourceFile) -> [String] {
    let empty = #"(?<![A-Z])(Utils?|Utilit(y|ies)|Helpers?|Manager|Common|Impl|Misc|Base(?![0-9]))(?![a-z])"#
    let names = file.path.split(separator: "/").map(String.init)
    let declared = file.code.flatMap { line -> [String] in
      guard
        let range = line.range(
          of: #"\b(struct|class|enum|actor|protocol|typealias)\s+[A-Z]\w*"#, options: .regularExpression)
      else { return [] }
      return [String(line[range].split(separator: " ").last ?? "")]
    }
    return (names + declared).filter { $0.range(of: empty, options: .regularExpression) != nil }
      .map { "\(file.path): the name \($0) names nothing" }
  }

  /// Lines that hold `pattern`, in code, comments and literals alike.
  static func words(_ pattern: String, in file: SourceFile) -> [String] {
    numbered(file, file.lines, matching: pattern)
  }

  /// Paths that exist on one machine only.
  static func machinePaths(_ file: SourceFile) -> [String] {
    // Written in parts, so that this file passes its own rule.
    let folders = ["work", "farm", "opt/" + "swift", "home/[a-z]", "Users", "root"].joined(separator: "|")
    return numbered(file, file.lines, matching: "(^|[^A-Za-z0-9_.~*}:/-])/(" + folders + ")/")
  }

  /// A whole Lua script says what it takes and gives; a part says what it is for.
  static func scriptHeader(_ file: SourceFile) -> [String] {
    // The first line may carry the flags of the script for Redis: `#!lua flags=...`.
    let header = file.lines.drop { $0.hasPrefix("#!") }.prefix { $0.hasPrefix("--") }.joined(separator: "\n")
    let isPart = file.path.contains("/parts/")
    let wanted = isPart ? [] : ["KEYS", "ARGV", "(?i)returns?"]
    var missing = wanted.filter { header.range(of: "\\b\($0)\\b", options: .regularExpression) == nil }
    if header.isEmpty { missing.append("a comment at the top") }
    return missing.map { "\(file.path): its comment block lacks \($0.replacingOccurrences(of: "(?i)", with: ""))" }
  }

  /// Tests that wait by sleeping, assert nothing, or leave themselves out.
  static func emptyTests(_ file: SourceFile) -> [String] {
    file.codeLines(
      matching:
        #"#expect\(true\)|\b(Thread|Task)\.sleep|(?<![.\w])u?sleep\(|\.disabled\(|withKnownIssue|XCTSkip|\.enabled\(if: (?!isLongRun)"#
    )
  }

  private static func numbered(_ file: SourceFile, _ lines: [String], matching pattern: String) -> [String] {
    lines.enumerated().filter { $1.range(of: pattern, options: .regularExpression) != nil }
      .map { "\(file.path):\($0 + 1): \($1.trimmingCharacters(in: .whitespaces))" }
  }
}
