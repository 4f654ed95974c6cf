private import JSONWire

/// Notices about variables that no setting reads.
enum ConfigurationNotices {
  /// Variables of the operations guide that mean nothing here: exact names.
  static let retired: Set<String> = ["DATABASE_PATH", "MIDNIGHT_API_KEY"]
  /// And what such names start with.
  static let retiredPrefix = "VITE_"

  static func isRetired(_ name: String) -> Bool { retired.contains(name) || name.hasPrefix(retiredPrefix) }

  /// One line for all retired variables that are set, and one for each name that is nearly one of ours.
  static func lines(environment: [String: String], known: Set<String>) -> [String] {
    var lines: [String] = []
    let passedOver = environment.keys.filter { isRetired($0) && !known.contains($0) }.sorted()
    if !passedOver.isEmpty {
      lines.append(
        "config: \(passedOver.joined(separator: ", ")): no meaning here, passed over (Redis is the only store)")
    }
    let candidates = known.sorted()
    for name in environment.keys.sorted() where !known.contains(name) && !isRetired(name) {
      // Short names are near each other by chance: HOST and PORT.
      let distance = name.utf8.count <= 6 ? 1 : 2
      guard let near = NearestName.suggestion(for: name, among: candidates, within: distance) else { continue }
      lines.append("config: \(Setting.printable(name)) is not known; did you mean \(near)?")
    }
    return lines
  }

  static func unknownFlag(_ flag: String, known: [String]) -> String {
    let near = NearestName.suggestion(for: flag, among: known).map { "; did you mean \($0)?" } ?? "; see --help"
    return "config: \(Setting.printable(flag)) is not known\(near)"
  }
}
