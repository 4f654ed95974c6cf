public import Sealing

/// ENCRYPTION_KEY and its predecessors, as far as memories need them: it wraps the few keys at the top.
public struct MemoryKeyRing: Sendable {
  /// The current key first.
  private let wrapping: [SecretBytes]

  /// Derives the wrapping keys: HKDF-SHA256 with a versioned purpose.
  ///
  /// - Parameters:
  ///   - encryptionKey: ENCRYPTION_KEY, 32 bytes; what is written is wrapped under it.
  ///   - previous: ENCRYPTION_KEY_PREVIOUS, which still opens.
  /// - Throws: `sealing`.
  public init(encryptionKey: SecretBytes, previous: [SecretBytes] = []) throws(MemoryError) {
    var wrapping: [SecretBytes] = []
    for key in [encryptionKey] + previous { wrapping.append(try Self.derive(key, "whispercache memory kek v1")) }
    self.wrapping = wrapping
  }

  /// A key and whether it lies under the current ENCRYPTION_KEY; if not, the next write wraps it anew.
  struct Opened {
    let key: SecretBytes
    let isCurrent: Bool
  }

  func wrap(_ key: SecretBytes, _ binding: AssociatedData) throws(MemoryError) -> [UInt8] {
    do throws(SealingError) {
      return try WrappedKey.seal(key, under: wrapping[0], associatedData: binding).bytes
    } catch {
      throw .sealing(code: error.code)
    }
  }

  func open(_ wrapped: [UInt8], _ binding: AssociatedData, part: String) throws(MemoryError) -> Opened {
    do throws(SealingError) {
      let wrapped = try WrappedKey(bytes: wrapped)
      for (index, key) in wrapping.enumerated() {
        do throws(SealingError) {
          return Opened(key: try wrapped.open(under: key, associatedData: binding), isCurrent: index == 0)
        } catch .authenticationFailed {
          continue
        }
      }
      throw .authenticationFailed
    } catch {
      throw .opening(part, error)
    }
  }

  static func derive(_ key: SecretBytes, _ purpose: String) throws(MemoryError) -> SecretBytes {
    do throws(SealingError) {
      return try HKDF.derive(from: key, info: Array(purpose.utf8))
    } catch {
      throw .sealing(code: error.code)
    }
  }

  static func random() throws(MemoryError) -> SecretBytes {
    do throws(SealingError) {
      return try SecretBytes.random()
    } catch {
      throw .sealing(code: error.code)
    }
  }
}
