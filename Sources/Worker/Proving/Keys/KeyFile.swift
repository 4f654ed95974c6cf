import Proofs

/// A `.zkey` file whose bytes are those that the manifest pins.
struct KeyFile: Sendable {
  let name: String
  /// What the manifest says, unless the file says of itself that it is a development key.
  let origin: KeyOrigin
  private let bytes: [UInt8]
  private let isStrict: Bool

  /// Reads the file.
  ///
  /// - Parameter isStrict: whether development keys are refused, also those that the manifest calls a ceremony's.
  /// - Throws: `file`, `altered`, `insecure`, `unusable`.
  init(_ pin: KeyManifest.Pin, in folder: KeyFolder, isStrict: Bool) throws(KeyError) {
    name = pin.name
    self.isStrict = isStrict
    if isStrict && pin.origin == .insecureDevelopment { throw .insecure(name) }
    bytes = try folder.key(pin)
    do {
      origin = try ZKey.isDevelopment(bytes) ? .insecureDevelopment : pin.origin
    } catch {
      throw .unusable(name, error)
    }
    if isStrict && origin == .insecureDevelopment { throw .insecure(name) }
  }

  /// How long the file is.
  var byteCount: Int { bytes.count }

  /// The verification key in it; the rest is not decoded.
  ///
  /// - Throws: `unusable`, `insecure`.
  func checkingKey() throws(KeyError) -> CheckingKey {
    let key: VerifyingKey
    do {
      key = try ZKey.verifyingKey(bytes)
    } catch {
      throw .unusable(name, error)
    }
    return try CheckingKey(key, name: name, origin: try origin(of: key))
  }

  /// All of it, every point checked.
  ///
  /// - Throws: `unusable`, also for a stop; `insecure`.
  func kit(_ shouldStop: () -> Bool = { false }) throws(KeyError) -> (key: ProvingKey, kit: ProvingKit) {
    let key: ProvingKey
    do {
      key = try ZKey.provingKey(bytes, shouldStop: shouldStop)
    } catch {
      throw .unusable(name, error)
    }
    return (key, try ProvingKit(key, name: name, origin: try origin(of: key.verifyingKey)))
  }

  /// Where the key comes from by its points: a development key that was renamed, or that a ceremony's tool has gone on with,
  /// carries no mark any more.
  ///
  /// - Throws: `insecure`.
  private func origin(of key: VerifyingKey) throws(KeyError) -> KeyOrigin {
    guard DevelopmentSetup.canForge(key, names: CircuitLibrary.all.map(\.name) + [name]) else { return origin }
    if isStrict { throw .insecure(name) }
    return .insecureDevelopment
  }
}
