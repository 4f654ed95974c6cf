internal import Sealing

/// A user's stored random key and what follows from it. Once the stored form is gone, nothing of the user opens.
struct UserKey: Sendable {
  /// Which of the user's keys it is, from 1; a new one is made after the user was forgotten.
  let version: Int
  /// Wraps the data keys.
  let wrapping: SecretBytes
  /// Makes the blind indexes of tags.
  let index: SecretBytes

  init(_ key: SecretBytes, version: Int) throws(MemoryError) {
    self.version = version
    wrapping = try MemoryKeyRing.derive(key, "whispercache memory data keys v1")
    index = try MemoryKeyRing.derive(key, "whispercache memory tags v1")
  }

  static func binding(user tag: String, version: Int) -> AssociatedData {
    AssociatedData("whispercache memory", "1", "user key", tag, String(version))
  }
}
