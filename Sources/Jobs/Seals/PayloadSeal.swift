public import Sealing

/// Seals and opens payloads and results of sealed kinds, under PAYLOAD_KEY.
///
/// A seal is bound to the job's id, its kind and the direction, so that no text opens in another's place. The one exception
/// is a payload for an element that is pushed into a list by hand, which has no id yet; it is bound to its kind alone.
public struct PayloadSeal: Sendable {
  /// Which way a content goes.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// To the worker.
    case payload
    /// From the worker.
    case result
  }

  private let key: SecretBytes
  private let previous: [SecretBytes]

  /// Creates a seal.
  ///
  /// - Parameters:
  ///   - key: PAYLOAD_KEY, 32 bytes or more; new texts are sealed under it.
  ///   - previous: keys of before, which still open texts during a change of keys.
  public init(key: SecretBytes, previous: [SecretBytes] = []) {
    self.key = key
    self.previous = previous
  }

  /// PAYLOAD_KEY as it follows from ENCRYPTION_KEY: HKDF-SHA256 with a versioned purpose.
  public static func derivePayloadKey(from encryptionKey: SecretBytes) throws(SealingError) -> SecretBytes {
    try HKDF.derive(from: encryptionKey, info: Array("whispercache payload key v1".utf8))
  }

  /// Whether a text claims to be sealed.
  public static func isSealed(_ text: [UInt8]) -> Bool { SealedText.isSealed(text) }

  /// Seals a content of a job.
  public func seal(
    _ content: [UInt8], _ direction: Direction, id: JobID, kind: KindName
  ) throws(JobError) -> [UInt8] {
    try seal(content, Self.binding(direction, id: id.text, kind: kind))
  }

  /// Opens a content of a job.
  public func open(
    _ text: [UInt8], _ direction: Direction, id: JobID, kind: KindName
  ) throws(JobError) -> [UInt8] {
    try open(text, Self.binding(direction, id: id.text, kind: kind))
  }

  /// Seals a payload for an element that is pushed into a list by hand.
  public func sealUnbound(_ payload: [UInt8], kind: KindName) throws(JobError) -> [UInt8] {
    try seal(payload, Self.binding(.payload, id: "", kind: kind))
  }

  /// Opens a payload of an element that was pushed into a list by hand.
  public func openUnbound(_ text: [UInt8], kind: KindName) throws(JobError) -> [UInt8] {
    try open(text, Self.binding(.payload, id: "", kind: kind))
  }

  private static let purpose = "whispercache job content v1"

  private static func binding(_ direction: Direction, id: String, kind: KindName) -> AssociatedData {
    AssociatedData("whispercache job", "1", direction.rawValue, kind.text, id)
  }

  private func seal(_ content: [UInt8], _ binding: AssociatedData) throws(JobError) -> [UInt8] {
    do {
      return try SealedText.seal(content, master: key, info: Self.purpose, associatedData: binding)
    } catch {
      throw .seal(code: error.code, detail: error.description)
    }
  }

  private func open(_ text: [UInt8], _ binding: AssociatedData) throws(JobError) -> [UInt8] {
    var failure = SealingError.authenticationFailed
    for key in [key] + previous {
      do {
        return try SealedText.open(text, master: key, info: Self.purpose, associatedData: binding)
      } catch {
        failure = error
      }
    }
    throw .seal(code: failure.code, detail: failure.description)
  }
}
