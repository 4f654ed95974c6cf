import Glibc
import Proofs
import Sealing
import Service

/// The files of PROOF_KEYS_DIR. All calls block; none is made on the event loop.
struct KeyFolder: Sendable {
  /// The longest key file, in bytes: some million constraints.
  static let longestKey = 1 << 30

  private let path: String

  init(path: String) { self.path = path }

  /// The manifest; nil when there is none.
  func manifest() throws(KeyError) -> KeyManifest? {
    // A folder that cannot be looked into is an error, not an empty one.
    guard access(path, R_OK | X_OK) == 0 || errno == ENOENT else {
      throw .file("the folder", reason: "it cannot be read (errno \(errno))")
    }
    guard access("\(path)/\(KeyManifest.file)", F_OK) == 0 else { return nil }
    return try KeyManifest(try read(KeyManifest.file, limit: 1 << 20))
  }

  /// The bytes of a pinned key.
  ///
  /// - Throws: `file`; `altered` when they are not those that are pinned.
  /// - Complexity: one SHA-256 of the file.
  func key(_ pin: KeyManifest.Pin) throws(KeyError) -> [UInt8] {
    let bytes = try read(pin.file, limit: Self.longestKey)
    guard try Self.hash(bytes) == pin.sha256 else { throw .altered(pin.name) }
    return bytes
  }

  /// Writes a key and pins it. Processes that do this at once wait for each other; a reader sees the old files or
  /// the new ones, never a half.
  ///
  /// A development key replaces nothing but a development key: what else lies there is the operator's, who may be about to pin it.
  /// - Throws: `file`, also for a place that is taken; `manifest`, `sealing`.
  func add(_ bytes: [UInt8], name: String, origin: KeyOrigin) throws(KeyError) {
    let pin = KeyManifest.Pin(name: name, sha256: try Self.hash(bytes), origin: origin)
    let lock = try lock()
    defer { close(lock) }
    var manifest = try manifest() ?? KeyManifest()
    if origin == .insecureDevelopment, try !isFree(pin, manifest[name]) {
      throw .file(pin.file, reason: "it is there and no development key; pin it (scripts/pin-keys) or move it away")
    }
    try write(pin.file, bytes)
    manifest.put(pin)
    try write(KeyManifest.file, manifest.json)
  }

  /// Whether a development key may be written to the place of a pin, where the manifest knows `known`.
  private func isFree(_ pin: KeyManifest.Pin, _ known: KeyManifest.Pin?) throws(KeyError) -> Bool {
    if let known { return known.origin == .insecureDevelopment }
    guard access("\(path)/\(pin.file)", F_OK) == 0 else { return true }
    // A worker that ended between writing its key and pinning it leaves one that is not pinned.
    let file = try read(pin.file, limit: Self.longestKey)
    do {
      return try ZKey.isDevelopment(file)
    } catch {
      return false
    }
  }

  private func read(_ file: String, limit: Int) throws(KeyError) -> [UInt8] {
    do {
      return try FileBytes.read("\(path)/\(file)", limit: limit)
    } catch {
      throw .file(file, reason: error.description)
    }
  }

  private func write(_ file: String, _ bytes: [UInt8]) throws(KeyError) {
    do {
      try FileBytes.replace("\(path)/\(file)", with: bytes)
    } catch {
      throw .file(file, reason: error.description)
    }
  }

  /// Takes the folder's lock, making the folder where it is missing; closing the descriptor gives it back.
  private func lock() throws(KeyError) -> Int32 {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw .file("the folder", reason: "it cannot be made (errno \(errno))")
    }
    let descriptor = open("\(path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .file(".lock", reason: "it cannot be opened (errno \(errno))") }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        close(descriptor)
        throw .file(".lock", reason: "it cannot be locked (errno \(errno))")
      }
    }
    return descriptor
  }

  static func hash(_ bytes: [UInt8]) throws(KeyError) -> String {
    do {
      return Hex.string(try Digest.sha256.hash(bytes))
    } catch {
      throw .sealing(code: error.code)
    }
  }
}
