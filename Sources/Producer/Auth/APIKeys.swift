import Sealing

/// The API keys of API_KEYS_FILE: hashes, as the keys themselves are kept by their holders alone.
struct APIKeys: Sendable {
  /// One key.
  struct Entry: Sendable {
    /// For people: which key this is.
    let name: String
    /// SHA-256 of the key's text.
    let hash: [UInt8]
    /// Who calls with it.
    let caller: Caller
  }

  /// The most keys: each call is compared with all of them.
  static let most = 1000

  let entries: [Entry]

  /// Who holds the key `text`.
  ///
  /// Every entry is compared in full, so that the time says nothing about which one was near.
  func caller(_ text: [UInt8]) throws(AuthFailure) -> Caller {
    let hash: [UInt8]
    do { hash = try Digest.sha256.hash(text) } catch { throw .unknownKey }
    var found: Caller?
    for entry in entries where constantTimeEqual(entry.hash, hash) { found = entry.caller }
    guard let found else { throw .unknownKey }
    return found
  }
}
