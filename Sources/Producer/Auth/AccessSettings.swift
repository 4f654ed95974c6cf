import Jobs
import Sealing
import Service

/// Who may call: API_KEYS_FILE, JWT_SECRET, JWT_AUDIENCE.
struct AccessSettings: Sendable {
  let keys: APIKeys?
  let tokens: SignedTokens?

  /// The audience of tokens where JWT_AUDIENCE is not set.
  static let standardAudience = "whispercache"

  /// Reads them; production and staging need keys or tokens.
  init(_ reader: inout ConfigurationReader, in deployment: Deployment) {
    reader.section("Access")
    let path = reader.file("API_KEYS_FILE", "hashed API keys: JSON, or lines of name, sha256, scopes, owner")
    keys = path.flatMap { Self.keys(&reader, $0) }
    let secret = reader.secret("JWT_SECRET", "signs the tokens of callers (HS256), 32 bytes or more")
    let audience = reader.optionalString(
      "JWT_AUDIENCE", "what aud must name, and then must be there; else whispercache where it is there")
    tokens = secret.flatMap { Self.secret(&reader, $0) }.map {
      SignedTokens(secret: $0, audience: audience ?? Self.standardAudience, needsAudience: audience != nil)
    }
    if deployment.isStrict, path == nil, secret == nil {
      reader.missing("JWT_SECRET", because: "a producer in \(deployment) needs it, or API_KEYS_FILE")
    }
  }

  /// Whether everybody may do everything.
  var isOpen: Bool { keys == nil && tokens == nil }

  private static func keys(_ reader: inout ConfigurationReader, _ path: String) -> APIKeys? {
    do {
      return try APIKeys(try FileBytes.read(path))
    } catch {
      reader.reject("API_KEYS_FILE", expected: "a file of hashed keys: \(error)")
      return nil
    }
  }

  private static func secret(_ reader: inout ConfigurationReader, _ secret: Secret) -> SecretBytes? {
    do {
      return try SigningSecret.key(secret.bytes)
    } catch {
      reader.reject("JWT_SECRET", expected: "32 bytes or more; \(error)")
      return nil
    }
  }
}
