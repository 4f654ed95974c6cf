import Jobs
import Proofs
import Service
import Synchronization

/// The keys of the program's circuits: read from PROOF_KEYS_DIR or, outside production, made by the development setup.
///
/// A verification key is cheap and read early; a proving key is loaded when the first proof needs it, and stays. Calls
/// block, on a slot's thread: who needs a key that another slot is loading waits for it.
final class KeyRoom: Sendable {
  /// The keys of one circuit, behind locks of their own so that circuits do not wait for each other.
  private final class Shelf: Sendable {
    let circuit: CircuitDescription
    let checking = Mutex<CheckingKey?>(nil)
    let kit = Mutex<ProvingKit?>(nil)

    init(_ circuit: CircuitDescription) { self.circuit = circuit }
  }

  private let folder: KeyFolder?
  private let isStrict: Bool
  private let log: Logger
  private let onChange: @Sendable () -> Void
  private let shelves: [Shelf]

  /// - Parameters:
  ///   - folder: PROOF_KEYS_DIR, when it is set.
  ///   - isStrict: whether the rules of production hold: no development keys.
  ///   - onChange: called, on any thread, when a circuit has another verification key than before.
  init(
    folder: KeyFolder?, isStrict: Bool, log: Logger, circuits: [CircuitDescription] = CircuitLibrary.all,
    onChange: @escaping @Sendable () -> Void = {}
  ) {
    self.folder = folder
    self.isStrict = isStrict
    self.log = log
    self.onChange = onChange
    shelves = circuits.map { Shelf($0) }
  }

  /// What checks the proofs of a circuit.
  ///
  /// - Throws: `notPinned` for a name that is no circuit's, and in production for a circuit without a key; what is wrong
  ///   with the key otherwise.
  func checkingKey(_ name: String) throws(KeyError) -> CheckingKey {
    let shelf = try shelf(name)
    return try shelf.checking.withLock { held throws(KeyError) in
      if let held { return held }
      let key = try readCheckingKey(shelf.circuit)
      held = key
      return key
    }
  }

  /// What makes the proofs of a circuit; loaded or made by the first call.
  ///
  /// - Throws: as `checkingKey`.
  func kit(_ name: String) throws(KeyError) -> ProvingKit {
    let shelf = try shelf(name)
    return try shelf.kit.withLock { held throws(KeyError) in
      if let held { return held }
      let kit = try loadKit(shelf.circuit)
      held = kit
      // The folder may have changed since the start, and a proof is checked by the key that made it.
      let before = shelf.checking.withLock { checking in
        defer { checking = kit.checking }
        return checking?.keyID
      }
      if let before, before != kit.checking.keyID { onChange() }
      return kit
    }
  }

  /// All circuits as they are published, and what is wrong with the keys of the others. Reads no proving key.
  func survey() -> (entries: [CircuitEntry], problems: [KeyError]) {
    var entries: [CircuitEntry] = []
    var problems: [KeyError] = []
    for shelf in shelves {
      do {
        let key = try checkingKey(shelf.circuit.name)
        entries.append(CircuitEntry(shelf.circuit, key))
      } catch {
        problems.append(error)
      }
    }
    return (entries, problems)
  }

  /// The pin of a key that the operator brought, by which its bytes are known.
  ///
  /// - Throws: `notPinned`, `manifest`, `file`; `insecure` also for a key that was loaded before its pin became a development
  ///   key's.
  func pin(foreign name: String) throws(KeyError) -> KeyManifest.Pin {
    guard let pin = try folder?.manifest()?[name] else { throw .notPinned(name) }
    if isStrict && pin.origin == .insecureDevelopment { throw .insecure(name) }
    return pin
  }

  /// A key that the operator brought, for any circuit, and the length of its file; nothing of it is kept here.
  func load(
    foreign pin: KeyManifest.Pin, _ shouldStop: () -> Bool
  ) throws(KeyError) -> (kit: ProvingKit, byteCount: Int) {
    guard let folder else { throw .notPinned(pin.name) }
    let file = try KeyFile(pin, in: folder, isStrict: isStrict)
    return (try file.kit(shouldStop).kit, file.byteCount)
  }

  private func shelf(_ name: String) throws(KeyError) -> Shelf {
    guard let shelf = shelves.first(where: { $0.circuit.name == name }) else { throw .notPinned(name) }
    return shelf
  }

  private func file(of circuit: CircuitDescription) throws(KeyError) -> KeyFile? {
    guard let folder, let pin = try folder.manifest()?[circuit.name] else {
      if isStrict { throw .notPinned(circuit.name) }
      return nil
    }
    return try KeyFile(pin, in: folder, isStrict: isStrict)
  }

  private func readCheckingKey(_ circuit: CircuitDescription) throws(KeyError) -> CheckingKey {
    if let file = try file(of: circuit) {
      let key = try file.checkingKey()
      let count = key.key.publicCount
      if count == circuit.publicSignalNames.count { return key }
      let error = KeyError.wrongCircuit(
        circuit.name, detail: "it has \(count) public signals, not \(circuit.publicSignalNames.count)")
      guard file.origin == .insecureDevelopment else { throw error }
    }
    return try development(circuit) { name throws(KeyError) in
      let key = try Self.named(name) { () throws(ProofsError) in
        try DevelopmentSetup.verifyingKey(for: circuit.system(), named: name)
      }
      return try CheckingKey(key, name: name, origin: .insecureDevelopment)
    }
  }

  private func loadKit(_ circuit: CircuitDescription) throws(KeyError) -> ProvingKit {
    if let file = try file(of: circuit) {
      let (key, kit) = try file.kit()
      guard let detail = key.difference(from: circuit.system()) else { return kit }
      let error = KeyError.wrongCircuit(circuit.name, detail: detail)
      // A development key of an earlier version of the circuit gives way to a new one.
      guard file.origin == .insecureDevelopment else { throw error }
      log.notice("a development key is out of date and made anew", [.string("circuit", circuit.name), .error(error)])
    }
    return try development(circuit) { name throws(KeyError) in
      let key = try Self.named(name) { () throws(ProofsError) in
        try DevelopmentSetup.provingKey(for: circuit.system(), named: name)
      }
      let kit = try ProvingKit(key, name: name, origin: .insecureDevelopment)
      keep(key, name)
      log.warning(
        "made a development proving key: anybody can forge proofs for it",
        [.string("circuit", name), .string("key_id", kit.checking.keyID)])
      return kit
    }
  }

  private func development<Key>(
    _ circuit: CircuitDescription, _ make: (String) throws(KeyError) -> Key
  ) throws(KeyError) -> Key {
    if isStrict { throw .insecure(circuit.name) }
    return try make(circuit.name)
  }

  /// Keeps a development key for the next start; without that it is made again then.
  private func keep(_ key: ProvingKey, _ name: String) {
    guard let folder else { return }
    do throws(KeyError) {
      try folder.add(ZKey.bytes(key), name: name, origin: .insecureDevelopment)
    } catch {
      log.warning("a development proving key cannot be kept", [.string("circuit", name), .error(error)])
    }
  }

  private static func named<Value>(
    _ name: String, _ body: () throws(ProofsError) -> Value
  ) throws(KeyError) -> Value {
    do { return try body() } catch { throw .unusable(name, error) }
  }
}

extension CircuitEntry {
  /// A circuit as it is published.
  init(_ circuit: CircuitDescription, _ key: CheckingKey) {
    self.init(
      name: circuit.name, keyID: key.keyID, origin: key.origin.rawValue, publicSignals: circuit.publicSignalNames,
      constraints: circuit.system().constraintCount, verificationKey: key.json)
  }
}
