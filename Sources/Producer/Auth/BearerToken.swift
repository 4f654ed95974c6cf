import HTTPWire

/// The token of a request: the one place that it is taken from is the field Authorization (RFC 6750 section 2.1).
///
/// Never the query: addresses end up in logs and histories.
enum BearerToken {
  /// The longest token, in bytes.
  static let longest = 4096

  /// The text after `Bearer`.
  static func read(_ headers: HTTPHeaders) throws(AuthFailure) -> [UInt8] {
    let fields = headers.values("Authorization")
    guard let field = fields.first else { throw .missing }
    // Two fields: whoever is in front of us may have looked at the other one.
    guard fields.count == 1 else { throw .malformed }
    let bytes = Array(field.utf8)
    let scheme = bytes.prefix { $0 != space }
    guard scheme.elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else { throw .malformed }
    let token = bytes.dropFirst(scheme.count).drop { $0 == space }
    guard (1...longest).contains(token.count), token.allSatisfy(isTokenByte) else { throw .malformed }
    return Array(token)
  }

  private static let space = UInt8(ascii: " ")

  /// The characters of `b64token`.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-._~+/=".utf8.contains(byte)
    }
  }
}
