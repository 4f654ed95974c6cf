/// Why a caller was not let in; the raw values are the labels of `auth_failures_total`, a closed list.
enum AuthFailure: String, Error, Sendable, Hashable, CaseIterable {
  /// There is no token.
  case missing
  /// The Authorization field holds no bearer token, or the token is none.
  case malformed
  /// No API key has this text.
  case unknownKey = "unknown_key"
  /// The signature is not that of our secret, or the algorithm is not HS256.
  case badSignature = "bad_signature"
  /// The token's time is over.
  case expired
  /// The token's time has not come.
  case notYetValid = "not_yet_valid"
  /// The token is for another service.
  case wrongAudience = "wrong_audience"
  /// A claim that is needed is missing or has the wrong form.
  case invalidClaims = "invalid_claims"
  /// The caller is known, and lacks the scope.
  case insufficientScope = "insufficient_scope"

  /// Whether somebody may be guessing: what was sent was never issued here. An old token is no guess.
  var isGuess: Bool { self == .malformed || self == .unknownKey || self == .badSignature }

  /// What to tell the caller; nothing that would help a guess.
  var detail: String {
    switch self {
    case .missing: "Send the field Authorization: Bearer with an API key or a token."
    case .malformed: "The field Authorization must hold Bearer, a space, and one API key or token."
    case .unknownKey, .badSignature: "The API key or token is not known here."
    case .expired: "The token has expired; get a new one."
    case .notYetValid: "The token is not valid yet; see that the clocks agree."
    case .wrongAudience: "The token was issued for another service; its aud must name this one."
    case .invalidClaims: "The token needs exp (a number) and sub (1 to 128 visible ASCII characters)."
    case .insufficientScope: "The token does not have the scope."
    }
  }
}
