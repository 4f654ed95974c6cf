public import Sealing

/// HMACs in place of idempotency and unique keys, so that Redis does not show what callers put into them.
public struct Fingerprint: Sendable {
  private let key: SecretBytes

  /// Creates one from the key of the HMACs.
  public init(key: SecretBytes) { self.key = key }

  /// Creates one from PAYLOAD_KEY: HKDF-SHA256 with a versioned purpose.
  public init(payloadKey: SecretBytes) throws(JobError) {
    do {
      key = try HKDF.derive(from: payloadKey, info: Array("whispercache fingerprint key v1".utf8))
    } catch {
      throw .seal(code: error.code, detail: error.description)
    }
  }

  /// An Idempotency-Key of one client (its token's subject; empty when there are none) for a body, as it was sent.
  public func idempotency(key: String, client: String, body: [UInt8]) throws(JobError) -> NewJob.Idempotency {
    NewJob.Idempotency(
      key: try text("idempotency key", [Array(client.utf8), Array(key.utf8)]), body: try text("body", [body]))
  }

  /// A unique key; it holds within its queue.
  public func unique(_ unique: JobRequest.Unique) throws(JobError) -> NewJob.Unique {
    NewJob.Unique(key: try text("unique key", [Array(unique.key.utf8)]), ttlMs: unique.ttlMs)
  }

  /// 128 bits in hex; the purpose and each part's length go into the HMAC.
  private func text(_ purpose: String, _ parts: [[UInt8]]) throws(JobError) -> String {
    var message = AssociatedData(purpose)
    for part in parts { message.append(part) }
    do {
      return Hex.string(Array(try HMAC.sha256(message.bytes, key: key).prefix(16)))
    } catch {
      throw .seal(code: error.code, detail: error.description)
    }
  }
}
