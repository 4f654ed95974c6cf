internal import COpenSSL

/// The name of an OpenSSL parameter, as a C string that lives as long as the process: OpenSSL keeps the pointer.
struct ParameterName: Sendable {
  private let text: StaticString

  static let key = ParameterName(text: "key")
  static let salt = ParameterName(text: "salt")
  static let info = ParameterName(text: "info")
  static let digest = ParameterName(text: "digest")

  /// `digest` = SHA-256.
  static var sha256: OSSL_PARAM {
    let name: StaticString = "SHA2-256"
    // OpenSSL reads the text only: the parameter type has one pointer for both directions.
    let value = UnsafeMutableRawPointer(mutating: name.utf8Start).assumingMemoryBound(to: CChar.self)
    return OSSL_PARAM_construct_utf8_string(digest.pointer, value, name.utf8CodeUnitCount)
  }

  /// A parameter that points at `bytes`, which must outlive it.
  func octets(_ bytes: UnsafeBufferPointer<UInt8>) -> OSSL_PARAM {
    OSSL_PARAM_construct_octet_string(pointer, UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  private var pointer: UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
