public import Sealing
public import Service

/// ENCRYPTION_KEY, ENCRYPTION_KEY_PREVIOUS and PAYLOAD_KEY.
public struct KeySettings: Sendable {
  /// The key over the private memories; only workers may hold it in production.
  public let encryptionKey: SecretBytes?
  /// The key of before, which still opens.
  public let previousEncryptionKey: SecretBytes?
  /// The key over payloads and results in Redis: given, or derived from the encryption key.
  public let payloadKey: SecretBytes?
  /// Payload keys of before.
  public let previousPayloadKeys: [SecretBytes]

  /// Reads them; each is 32 bytes as hex, base64 or raw text, and no placeholder.
  public init(_ reader: inout ConfigurationReader) {
    reader.section("Keys")
    encryptionKey = Self.key(&reader, "ENCRYPTION_KEY", "key over the memories")
    previousEncryptionKey = Self.key(&reader, "ENCRYPTION_KEY_PREVIOUS", "key of before, still opens")
    let given = Self.key(&reader, "PAYLOAD_KEY", "key over sealed payloads; derived from ENCRYPTION_KEY when not set")
    payloadKey = given ?? Self.derived(encryptionKey, &reader)
    previousPayloadKeys = [Self.derived(previousEncryptionKey, &reader)].compactMap { $0 }
  }

  /// The seal over payloads and results; nil without a key.
  public var seal: PayloadSeal? { payloadKey.map { PayloadSeal(key: $0, previous: previousPayloadKeys) } }

  private static func key(_ reader: inout ConfigurationReader, _ name: String, _ meaning: String) -> SecretBytes? {
    guard let secret = reader.secret(name, meaning) else { return nil }
    do {
      return try KeyText.parse(secret.text)
    } catch {
      reader.reject(name, expected: "32 bytes as hex, base64 or raw text; \(error)")
      return nil
    }
  }

  private static func derived(_ key: SecretBytes?, _ reader: inout ConfigurationReader) -> SecretBytes? {
    guard let key else { return nil }
    do {
      return try PayloadSeal.derivePayloadKey(from: key)
    } catch {
      reader.reject("PAYLOAD_KEY", expected: "a key that can be derived: \(error)")
      return nil
    }
  }
}
