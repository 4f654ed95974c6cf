import HTTPWire

/// The Idempotency-Key of a request: printable ASCII, bare or as a quoted string.
///
/// Source: draft-ietf-httpapi-idempotency-key-header-07, RFC 9651 section 4.2.5 for the quoted form.
enum IdempotencyKey {
  /// The longest key, in bytes.
  static let longest = 255

  /// The key of a request, or nil when it has none.
  ///
  /// - Throws: 400 `invalid-idempotency-key` for more than one, or one that is no key.
  static func read(_ headers: HTTPHeaders) throws(Problem) -> String? {
    guard headers.contains("Idempotency-Key") else { return nil }
    let values = headers.values("Idempotency-Key")
    guard values.count == 1, let key = parse(values[0]) else {
      throw Problem(
        .badRequest, "invalid-idempotency-key", "The Idempotency-Key is not valid",
        detail: "Send one key of 1 to \(longest) printable ASCII characters, bare or in quotes.")
    }
    return key
  }

  /// The key that a field's value holds, or nil when it is none.
  static func parse(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.first == UInt8(ascii: "\"") else { return isKey(bytes) && !bytes.contains(0x20) ? text : nil }
    var key: [UInt8] = []
    var index = 1
    while index < bytes.count - 1 {
      if bytes[index] == UInt8(ascii: "\"") { return nil }
      if bytes[index] == UInt8(ascii: "\\") {
        index += 1
        guard index < bytes.count - 1, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "\\") else {
          return nil
        }
      }
      key.append(bytes[index])
      index += 1
    }
    guard bytes.count >= 2, bytes.last == UInt8(ascii: "\""), isKey(key) else { return nil }
    return String(decoding: key, as: UTF8.self)
  }

  /// Whether these bytes are a key.
  static func isKey(_ bytes: [UInt8]) -> Bool {
    (1...longest).contains(bytes.count) && bytes.allSatisfy { (0x20...0x7E).contains($0) }
  }
}
