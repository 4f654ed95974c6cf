internal import Sealing

/// The random key that turns users, memory ids and jobs into the hex digits of Redis keys.
///
/// It is stored, not derived, so that ENCRYPTION_KEY can change without moving every key; and a wrong ENCRYPTION_KEY
/// fails here, where a derived key would find nothing and begin a second store beside the first.
struct NamesKey: Sendable {
  static let binding = AssociatedData("whispercache memory", "1", "names key")
  static let part = "key of the names"

  let key: SecretBytes

  /// The tag of a user.
  func user(_ user: String) throws(MemoryError) -> String { try tag("user", user, "") }

  /// The tag of a user's record.
  func record(_ id: String, of user: String) throws(MemoryError) -> String { try tag("memory", user, id) }

  /// The tag of a job that forgets a user.
  func job(_ id: String, of user: String) throws(MemoryError) -> String { try tag("job", user, id) }

  private func tag(_ purpose: String, _ user: String, _ name: String) throws(MemoryError) -> String {
    try ShortCode.hex(AssociatedData(purpose, user, name).bytes, key: key)
  }
}

/// 128 bits of HMAC-SHA256 in hex: names that tell nothing.
enum ShortCode {
  static let characters = 32

  static func hex(_ message: [UInt8], key: SecretBytes) throws(MemoryError) -> String {
    do throws(SealingError) {
      return Hex.string(Array(try HMAC.sha256(message, key: key).prefix(characters / 2)))
    } catch {
      throw .sealing(code: error.code)
    }
  }
}
