/// What a caller may do; a closed list, the words of tokens and key files.
enum Scope: String, Sendable, Hashable, CaseIterable {
  /// Read jobs, queues, workers, streams.
  case jobsRead = "jobs:read"
  /// Submit, cancel, retry and delete jobs.
  case jobsWrite = "jobs:write"
  /// Change queues, dead letters and workers, and everything that the other two allow.
  case admin
}

/// Who calls.
struct Caller: Sendable, Hashable {
  /// Whom jobs belong to and whose calls are counted together: the `sub` of a token, the owner of a key.
  let owner: String
  /// What the caller may do.
  let scopes: Set<Scope>

  /// Whether the caller may do what needs `scope`.
  func may(_ scope: Scope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }

  /// Whether a text can name an owner: 1 to 128 visible ASCII characters, so that it can stand in logs and fields.
  static func isOwner(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
