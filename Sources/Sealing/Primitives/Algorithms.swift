internal import COpenSSL

/// The algorithms of OpenSSL's default provider, fetched once a process: a fetch by name takes locks and costs more
/// than sealing a short message.
///
/// Unchecked because pointers are not Sendable. It is safe: each pointer is written once, before `shared` is visible,
/// is never freed, and OpenSSL lets any number of threads use a fetched algorithm at once (its only changing state is an
/// atomic reference count).
struct Algorithms: @unchecked Sendable {
  static let shared = Algorithms()

  let aes256GCM: OpaquePointer?
  let chaCha20Poly1305: OpaquePointer?
  let sha1: OpaquePointer?
  let sha256: OpaquePointer?
  let sha512: OpaquePointer?
  let hkdf: OpaquePointer?
  let hmac: OpaquePointer?

  private init() {
    aes256GCM = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
    chaCha20Poly1305 = EVP_CIPHER_fetch(nil, "ChaCha20-Poly1305", nil)
    sha1 = EVP_MD_fetch(nil, "SHA1", nil)
    sha256 = EVP_MD_fetch(nil, "SHA2-256", nil)
    sha512 = EVP_MD_fetch(nil, "SHA2-512", nil)
    hkdf = EVP_KDF_fetch(nil, "HKDF", nil)
    hmac = EVP_MAC_fetch(nil, "HMAC", nil)
  }
}
