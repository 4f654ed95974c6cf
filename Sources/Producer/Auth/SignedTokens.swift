import JSONWire
import Sealing

/// Tokens that others issue with our secret: JSON Web Tokens, signed with HS256 and nothing else.
///
/// Source: RFC 7515, RFC 7519, RFC 8725 (pinned algorithm, no key from the token, checked audience).
struct SignedTokens: Sendable {
  /// How far the issuer's clock may be off, in seconds.
  static let leeway = 30.0

  let secret: SecretBytes
  /// What `aud` must name.
  let audience: String
  /// Whether a token without `aud` is refused.
  let needsAudience: Bool

  private static let limits = JSONLimits(depth: 8, bytes: BearerToken.longest, values: 256, numberBytes: 32)

  /// Whether a text has the form of such a token, three parts.
  static func isShaped(_ text: [UInt8]) -> Bool { text.count { $0 == UInt8(ascii: ".") } == 2 }

  /// Who calls with the token `text` at `now`, in seconds since 1970.
  ///
  /// The signature comes first: nothing of a token that is not ours is looked into.
  func caller(_ text: [UInt8], now: Double) throws(AuthFailure) -> Caller {
    guard text.count <= BearerToken.longest else { throw .malformed }
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .malformed }
    let signature = try Self.decoded(parts[2])
    let message = Array(text[..<(text.count - parts[2].count - 1)])
    let isOurs: Bool
    do { isOurs = try HMAC.isValid(signature, of: message, key: secret) } catch { throw .badSignature }
    guard isOurs else { throw .badSignature }
    let header = try Self.object(parts[0])
    // An extension that must be understood is one that we do not know.
    guard header["alg"]?.asString == "HS256", header["crit"] == nil else { throw .badSignature }
    return try caller(try Self.object(parts[1]), now: now)
  }

  private func caller(_ claims: JSONValue, now: Double) throws(AuthFailure) -> Caller {
    guard let expires = claims["exp"]?.asDouble else { throw .invalidClaims }
    guard now < expires + Self.leeway else { throw .expired }
    if let start = claims["nbf"] {
      guard let start = start.asDouble else { throw .invalidClaims }
      guard now >= start - Self.leeway else { throw .notYetValid }
    }
    guard isForUs(claims["aud"]) else { throw .wrongAudience }
    guard let owner = claims["sub"]?.asString, Caller.isOwner(owner) else { throw .invalidClaims }
    // Scopes of other services may stand in the same claim.
    let words = (claims["scope"]?.asString ?? "").split(separator: " ")
    return Caller(owner: owner, scopes: Set(words.compactMap { Scope(rawValue: String($0)) }))
  }

  private func isForUs(_ audience: JSONValue?) -> Bool {
    guard let audience else { return !needsAudience }
    return audience.isString(self.audience) || audience.elements.contains { $0.isString(self.audience) }
  }

  private static func object(_ part: ArraySlice<UInt8>) throws(AuthFailure) -> JSONValue {
    let bytes = try decoded(part)
    do {
      let value = try JSONDocument(bytes, limits: limits).root
      guard value.kind == .object else { throw AuthFailure.malformed }
      return value
    } catch {
      throw .malformed
    }
  }

  private static func decoded(_ part: ArraySlice<UInt8>) throws(AuthFailure) -> [UInt8] {
    do { return try Base64URL.decode(Array(part)) } catch { throw .malformed }
  }
}
