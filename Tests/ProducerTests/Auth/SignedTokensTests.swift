import Sealing
import TestSupport
import Testing

@testable import Producer

@Suite("Tokens signed with HS256")
struct SignedTokensTests {
  private static let tokens = SignedTokens(
    secret: SecretBytes(copying: Array(TokenMint.secret.utf8)), audience: "whispercache", needsAudience: false)

  private static func failure(_ token: String, now: Double = 1000, of tokens: SignedTokens = tokens) -> AuthFailure? {
    do {
      _ = try tokens.caller(Array(token.utf8), now: now)
      return nil
    } catch {
      return error
    }
  }

  @Test("a good token names its caller and the scopes that are ours")
  func good() throws {
    let token = try TokenMint.token(
      claims:
        #"{"sub":"alice","scope":"openid jobs:read admin","exp":1001,"nbf":999,"aud":["x","whispercache"],"iat":5}"#)
    #expect(
      try Self.tokens.caller(Array(token.utf8), now: 1000) == Caller(owner: "alice", scopes: [.jobsRead, .admin]))
    let bare = try TokenMint.token(claims: #"{"sub":"a","exp":1e9}"#)
    #expect(try Self.tokens.caller(Array(bare.utf8), now: 1000).scopes.isEmpty)
  }

  @Test("the token of RFC 7515 A.1 has the signature that it must have")
  func knownAnswer() throws {
    let key = try Base64URL.decode(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
    let token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
      + "bS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    let tokens = SignedTokens(secret: SecretBytes(copying: key), audience: "whispercache", needsAudience: false)
    // Signed, within its time, and without a subject.
    #expect(Self.failure(token, now: 1_300_819_379, of: tokens) == .invalidClaims)
    #expect(Self.failure(token, now: 1_300_819_411, of: tokens) == .expired)
    #expect(Self.failure(String(token.dropLast()) + "l", of: tokens) == .malformed)
    #expect(Self.failure(token.replacing("dBjf", with: "dBjg"), of: tokens) == .badSignature)
  }

  @Test(
    "a header that asks for anything but HS256 is refused, though the signature is right",
    arguments: [
      #"{"alg":"none"}"#, #"{"alg":"hs256"}"#, #"{"alg":"HS512"}"#, #"{"alg":"RS256","kid":"../../x"}"#, "{}",
      #"{"alg":["HS256"]}"#, #"{"alg":"HS256","crit":["exp"]}"#,
    ])
  func header(_ header: String) throws {
    let token = try TokenMint.token(header: header, claims: #"{"sub":"a","exp":2000}"#)
    #expect(Self.failure(token) == .badSignature)
  }

  @Test("fields of the header that point to keys change nothing")
  func pointers() throws {
    let header = #"{"alg":"HS256","kid":"/dev/null","jku":"http://x","jwk":{"kty":"oct","k":"AA"},"x5u":"y"}"#
    #expect(Self.failure(try TokenMint.token(header: header, claims: #"{"sub":"a","exp":2000}"#)) == nil)
    #expect(
      Self.failure(try TokenMint.token(header: header, claims: #"{"sub":"a","exp":2000}"#, secret: "")) == .badSignature
    )
  }

  @Test(
    "claims",
    arguments: [
      (#"{"sub":"a"}"#, AuthFailure.invalidClaims), (#"{"sub":"a","exp":"2000"}"#, .invalidClaims),
      (#"{"sub":"a","exp":null}"#, .invalidClaims), (#"{"sub":"a","exp":1e999}"#, .invalidClaims),
      (#"{"sub":"a","exp":970}"#, .expired), (#"{"sub":"a","exp":-1e300}"#, .expired),
      (#"{"sub":"a","exp":2000,"nbf":1031}"#, .notYetValid), (#"{"sub":"a","exp":2000,"nbf":"0"}"#, .invalidClaims),
      (#"{"sub":"a","exp":2000,"aud":"other"}"#, .wrongAudience), (#"{"sub":"a","exp":2000,"aud":[]}"#, .wrongAudience),
      (#"{"sub":"a","exp":2000,"aud":{"whispercache":1}}"#, .wrongAudience), (#"{"exp":2000}"#, .invalidClaims),
      (#"{"sub":"","exp":2000}"#, .invalidClaims), (#"{"sub":"a b","exp":2000}"#, .invalidClaims),
      (#"{"sub":7,"exp":2000}"#, .invalidClaims), (#"{"sub":"a\n","exp":2000}"#, .invalidClaims),
      (#"{"sub":"a","sub":"b","exp":2000}"#, .malformed), ("[]", .malformed), ("", .malformed), ("{", .malformed),
    ])
  func claims(_ claims: String, _ expected: AuthFailure) throws {
    #expect(Self.failure(try TokenMint.token(claims: claims)) == expected)
  }

  @Test("clocks may differ by 30 s, either way")
  func leeway() throws {
    let token = try TokenMint.token(claims: #"{"sub":"a","exp":1000,"nbf":900}"#)
    #expect(Self.failure(token, now: 1029.9) == nil)
    #expect(Self.failure(token, now: 1030) == .expired)
    #expect(Self.failure(token, now: 870) == nil)
    #expect(Self.failure(token, now: 869.9) == .notYetValid)
  }

  @Test("where JWT_AUDIENCE is set, aud must be there")
  func audience() throws {
    let strict = SignedTokens(secret: Self.tokens.secret, audience: "api", needsAudience: true)
    #expect(Self.failure(try TokenMint.token(claims: #"{"sub":"a","exp":2000}"#), of: strict) == .wrongAudience)
    #expect(Self.failure(try TokenMint.token(claims: #"{"sub":"a","exp":2000,"aud":"api"}"#), of: strict) == nil)
  }

  @Test("no bytes end the program, and none but the token itself are taken")
  func mutated() throws {
    var random = SeededGenerator()
    let good = Array(try TokenMint.token(claims: #"{"sub":"a","exp":2000,"aud":"whispercache"}"#).utf8)
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8(ascii: "."), at: place)
        default: bytes.removeSubrange(place...)
        }
        if bytes.isEmpty { break }
      }
      if bytes == good { continue }
      #expect(throws: AuthFailure.self, "\(random)") { try Self.tokens.caller(bytes, now: 1000) }
    }
    for text in ["", ".", "..", "...", "a.b.c", "..=", String(repeating: "A", count: 100_000) + ".."] {
      #expect(Self.failure(text)?.isGuess == true, "\(text.prefix(9))")
    }
  }
}
