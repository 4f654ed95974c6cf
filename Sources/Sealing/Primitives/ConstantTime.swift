internal import COpenSSL

/// Whether two byte strings are equal, in a time that depends on their lengths alone.
///
/// For codes, tokens and anything else that an attacker may guess at byte by byte. Lengths are not hidden.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
