import Sealing
import Service

/// Keys and secrets that nobody had before.
enum NewKeys {
  /// 32 random bytes as 64 hexadecimal digits: what ENCRYPTION_KEY, JWT_SECRET and API keys may be.
  ///
  /// - Throws: when the generator has no entropy.
  static func key() throws(SealingError) -> String {
    // Random digits look like a pattern once in ten million keys, and the programs would refuse that one.
    while true {
      let digits = hexadecimal(try SecretBytes.random())
      do throws(KeyTextError) {
        _ = try KeyText.parse(digits)
        _ = try SigningSecret.key(Array(digits.utf8))
        return digits
      } catch {
        continue
      }
    }
  }

  /// A key's bytes as hexadecimal digits.
  static func hexadecimal(_ key: SecretBytes) -> String {
    key.withBytes { bytes in Hex.string(bytes.indices.map { bytes[$0] }) }
  }
}

/// A line of API_KEYS_FILE: name, hash of the key, scopes, and whom its jobs belong to.
struct APIKeyLine: Sendable, Equatable {
  /// The words that a scope may be.
  static let scopes = ["jobs:read", "jobs:write", "admin"]

  let text: String

  /// Makes a line for a key.
  ///
  /// - Parameter scopes: words with commas between them.
  /// - Throws: exit code 2 for a name, scope or owner that the producer would refuse; 1 when the library fails.
  init(name: String, key: [UInt8], scopes: String, owner: String?) throws(ProgramEnd) {
    for (what, word) in [("the name", name), ("--owner", owner ?? name)] where !Self.isWord(word) {
      throw .usage("\(what) must be 1 to 128 visible ASCII characters, the first one no #")
    }
    let words = scopes.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard words.allSatisfy(Self.scopes.contains) else {
      throw .usage(
        "--scopes is \"\(scopes)\"; expected \(Self.scopes.joined(separator: ", ")) with commas between them")
    }
    do throws(SealingError) {
      let hash = Hex.string(try Digest.sha256.hash(key))
      text = "\(name) \(hash) \(scopes)" + (owner.map { " \($0)" } ?? "")
    } catch {
      throw .failed(.failure, "the key cannot be hashed: \(error)")
    }
  }

  private static func isWord(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !text.hasPrefix("#")
  }
}
