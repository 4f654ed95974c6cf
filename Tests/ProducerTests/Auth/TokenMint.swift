import Foundation
import Sealing

/// Makes API keys and tokens as issuers do.
enum TokenMint {
  /// A secret that no other run has.
  static let secret = (0..<48).map { _ in String(format: "%02x", UInt8.random(in: .min ... .max)) }.joined()

  /// A signed token of JSON texts.
  static func token(header: String = #"{"alg":"HS256","typ":"JWT"}"#, claims: String, secret: String = secret) throws
    -> String
  {
    let text = Base64URL.string(Array(header.utf8)) + "." + Base64URL.string(Array(claims.utf8))
    let code = try HMAC.sha256(Array(text.utf8), key: SecretBytes(copying: Array(secret.utf8)))
    return text + "." + Base64URL.string(code)
  }

  /// A token that is good for an hour.
  static func token(sub: String = "alice", scope: String, more: String = "") throws -> String {
    let expires = Int(Date().timeIntervalSince1970) + 3600
    return try token(claims: #"{"sub":"\#(sub)","scope":"\#(scope)","exp":\#(expires)\#(more)}"#)
  }

  /// The hash of an API key as a file has it.
  static func hash(_ key: String) throws -> String { Hex.string(try Digest.sha256.hash(Array(key.utf8))) }

  /// The field that carries a token.
  static func bearer(_ token: String) -> [String: String] { ["Authorization": "Bearer \(token)"] }
}
