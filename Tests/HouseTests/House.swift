import Foundation

/// The repository that these tests were built from.
enum House {
  /// Its root, from where this file stands.
  static let root: URL = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What each module under Sources may import, besides the standard library, Glibc and Synchronization. The order is
  /// that of the house: a module imports only what stands above it in this list.
  static let floors: [(module: String, imports: Set<String>)] = [
    ("CLinux", []),
    ("COpenSSL", []),
    ("CAssets", []),
    ("CHiredis", []),
    ("Transport", ["CLinux", "COpenSSL"]),
    ("JSONWire", []),
    ("RedisWire", ["Transport", "CHiredis"]),
    ("HTTPWire", ["Transport", "JSONWire"]),
    ("Service", ["CLinux", "JSONWire"]),
    ("Tracing", ["Transport", "JSONWire", "HTTPWire", "Service"]),
    ("Sealing", ["COpenSSL"]),
    ("Jobs", ["RedisWire", "JSONWire", "Service", "Sealing", "CAssets", "Transport"]),
    ("Proofs", ["JSONWire"]),
    ("Memories", ["Jobs", "Proofs", "Sealing", "Service", "RedisWire", "JSONWire", "Transport"]),
    (
      "Producer",
      ["Jobs", "HTTPWire", "Service", "Tracing", "Sealing", "RedisWire", "JSONWire", "Transport", "CAssets"]
    ),
    (
      "Worker",
      [
        "Jobs", "Proofs", "Memories", "HTTPWire", "Service", "Tracing", "Sealing", "RedisWire", "JSONWire", "Transport",
        "CLinux",
      ]
    ),
    ("JobCtl", ["Jobs", "HTTPWire", "Service", "Sealing", "RedisWire", "JSONWire", "Transport"]),
  ]

  static let system: Set<String> = ["Glibc", "Synchronization"]

  static func imports(of module: String) -> Set<String>? { floors.first { $0.module == module }?.imports }

  /// The Swift files under Sources.
  static let swiftSources: [SourceFile] = files(under: "Sources", endings: ["swift"])
  /// Every source file under Sources.
  static let sources: [SourceFile] = files(under: "Sources", endings: ["swift", "h", "c", "lua"])
  /// The Swift files under Tests.
  static let tests: [SourceFile] = files(under: "Tests", endings: ["swift"])

  /// The text files under `folder`, in order of their paths; with no endings, every text file.
  static func files(under folder: String, endings: Set<String> = []) -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    let all = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
    return all.sorted()
      .filter { endings.isEmpty || endings.contains(($0 as NSString).pathExtension) }
      .compactMap { file(at: "\(folder)/\($0)") }
  }

  /// The file at `path`; nil for a folder or a file that is not text.
  static func file(at path: String) -> SourceFile? {
    let url = root.appendingPathComponent(path)
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
    return SourceFile(path: path, text: text)
  }
}
