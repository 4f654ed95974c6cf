import Foundation
import Jobs
import Service
import Synchronization
import TestSupport
import Testing

@testable import Proofs
@testable import Worker

@Suite("The room of keys")
struct KeyRoomTests {
  private let name = KeySample.name

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? KeyError)?.code
    }
  }

  @Test("a development key is made by the first proof, kept and pinned, and read by the next start")
  func development() throws {
    let bed = try KeyBed()
    let room = bed.room()
    let published = try room.checkingKey(name)
    #expect(try bed.folder.manifest() == nil, "the verification key alone needs no file")
    let kit = try room.kit(name)
    #expect(kit.checking.keyID == published.keyID && kit.checking.origin == .insecureDevelopment)
    #expect(try bed.folder.manifest()?[name]?.origin == .insecureDevelopment)
    let file = try bed.fileBytes("\(name).zkey")
    #expect(file == (try KeySample.development.get()))
    // The next start reads the file: one that it could not make shows that.
    let next = bed.room()
    #expect(try next.checkingKey(name).keyID == published.keyID)
    #expect(try next.kit(name).prover.key.wireCount == kit.prover.key.wireCount)
    #expect(try next.kit(name).checking.json == published.json)
  }

  @Test("without a folder a development key is made all the same")
  func memory() throws {
    let room = ProvingBed.room
    #expect(try room.kit(name).checking.keyID == room.checkingKey(name).keyID)
  }

  @Test("a folder that cannot be written costs the keeping, not the proof")
  func unwritable() throws {
    let parent = try TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: parent.path + "/file"))
    let room = KeyRoom(folder: KeyFolder(path: parent.path + "/missing/keys"), isStrict: false, log: .silent)
    #expect(try room.kit(name).checking.origin == .insecureDevelopment)
  }

  @Test("a ceremony's key is used, in production too, and published as one")
  func ceremony() throws {
    let bed = try KeyBed()
    try bed.folder.add(try KeySample.ceremony.get(), name: name, origin: .ceremony)
    for isStrict in [true, false] {
      let room = bed.room(isStrict: isStrict)
      let (entries, problems) = room.survey()
      let entry = try #require(entries.first { $0.name == name })
      #expect(entry.origin == "ceremony" && entry.constraints == MemoryPattern.system.constraintCount)
      #expect(entry.publicSignals == MemoryPattern.publicSignalNames)
      #expect(entries.count == (isStrict ? 1 : 6) && problems.count == (isStrict ? 5 : 0))
      let kit = try room.kit(name)
      #expect(kit.checking.keyID == entry.keyID && kit.checking.json == entry.verificationKey)
      #expect(kit.checking.keyID != (try ProvingBed.room.checkingKey(name).keyID))
    }
  }

  @Test("production has no development keys: not made, not pinned as such, not pinned as a ceremony's")
  func strict() throws {
    let bed = try KeyBed()
    #expect(code { _ = try bed.room(isStrict: true).kit(name) } == "unknown_key")
    #expect(code { _ = try KeyRoom(folder: nil, isStrict: true, log: .silent).checkingKey(name) } == "unknown_key")
    for origin in KeyOrigin.allCases {
      try bed.folder.add(try KeySample.development.get(), name: name, origin: origin)
      let room = bed.room(isStrict: true)
      #expect(code { _ = try room.kit(name) } == "insecure_dev_key")
      #expect(code { _ = try room.checkingKey(name) } == "insecure_dev_key")
      #expect(room.survey().entries.isEmpty)
      #expect(code { _ = try ForeignKeys(room).kit(name) } == "insecure_dev_key")
    }
    // Elsewhere it is used, but as what it is.
    #expect(try bed.room().kit(name).checking.origin == .insecureDevelopment)
  }

  @Test(
    "a development key that lost its mark is known by its points: continued by one party, renamed, or never contributed to"
  )
  func unmarked() async throws {
    for key in [try KeySample.continued.get(), try KeySample.untouched.get()] {
      #expect(try !ZKey.isDevelopment(key), "the file itself does not tell")
      let bed = try KeyBed()
      try bed.folder.add(key, name: name, origin: .ceremony)
      try bed.folder.add(key, name: "Renamed", origin: .ceremony)
      let strict = bed.room(isStrict: true)
      #expect(code { _ = try strict.checkingKey(name) } == "insecure_dev_key")
      #expect(code { _ = try strict.kit(name) } == "insecure_dev_key")
      #expect(strict.survey().entries.count == 0)
      #expect(code { _ = try ForeignKeys(strict).kit("Renamed") } == "insecure_dev_key")
      // Elsewhere it proves, but as what it is.
      let room = bed.room()
      #expect(try room.kit(name).checking.origin == .insecureDevelopment)
      #expect(room.survey().entries.first { $0.name == name }?.origin == "insecure-dev")
    }
    // The key works: that is what makes it dangerous.
    let bed = try KeyBed()
    try bed.folder.add(try KeySample.continued.get(), name: name, origin: .ceremony)
    let proving = try ProvingBed(keys: bed.room())
    let flags = #"{"finance":false,"health":true,"personal":false}"#
    let result = try await proving.run("proof.policy", #"{"witness":{"content":"1","salt":"2"},"flags":\#(flags)}"#)
    _ = try proving.checked(result)
  }

  @Test("a key that the manifest calls a development key from now on is refused at once, though it is loaded")
  func repinned() throws {
    let bed = try KeyBed()
    let file = try KeySample.ceremony.get()
    try bed.folder.add(file, name: "Mine", origin: .ceremony)
    let foreign = ForeignKeys(bed.room(isStrict: true))
    _ = try foreign.kit("Mine")
    var manifest = KeyManifest()
    manifest.put(.init(name: "Mine", sha256: try KeyFolder.hash(file), origin: .insecureDevelopment))
    try Data(manifest.json).write(to: URL(fileURLWithPath: "\(bed.path)/manifest.json"))
    #expect(code { _ = try foreign.kit("Mine") } == "insecure_dev_key")
  }

  @Test("a development key replaces no file that is not one: an operator may be about to pin it, or has meanwhile")
  func foreignFileStays() throws {
    let ceremony = try KeySample.ceremony.get()
    let bed = try KeyBed()
    try FileManager.default.createDirectory(atPath: bed.path, withIntermediateDirectories: true)
    try Data(ceremony).write(to: URL(fileURLWithPath: "\(bed.path)/\(name).zkey"))
    // Not pinned, so not used; and a development key has no place to be kept.
    #expect(try bed.room().kit(name).checking.origin == .insecureDevelopment)
    #expect(try bed.fileBytes("\(name).zkey") == ceremony)
    #expect(try bed.folder.manifest()?[name] == nil)
    // Pinned between the look into the manifest and the end of the making.
    try bed.folder.add(ceremony, name: name, origin: .ceremony)
    let development = try KeySample.development.get()
    #expect(code { try bed.folder.add(development, name: name, origin: .insecureDevelopment) } == "key_unreadable")
    #expect(try bed.fileBytes("\(name).zkey") == ceremony)
    #expect(try bed.room(isStrict: true).kit(name).checking.origin == .ceremony)
    // What a worker leaves that ends between writing the key and pinning it is no obstacle.
    try Data(development).write(to: URL(fileURLWithPath: "\(bed.path)/\(name).zkey"))
    try Data(KeyManifest().json).write(to: URL(fileURLWithPath: "\(bed.path)/manifest.json"))
    _ = try bed.room().kit(name)
    #expect(try bed.folder.manifest()?[name]?.origin == .insecureDevelopment)
  }

  @Test("a key that was altered is refused everywhere, and not made anew over it")
  func altered() throws {
    let bed = try KeyBed()
    try bed.folder.add(try KeySample.ceremony.get(), name: name, origin: .ceremony)
    var bytes = try bed.fileBytes("\(name).zkey")
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: "\(bed.path)/\(name).zkey"))
    for isStrict in [true, false] {
      let room = bed.room(isStrict: isStrict)
      #expect(code { _ = try room.kit(name) } == "key_altered")
      #expect(code { _ = try room.checkingKey(name) } == "key_altered")
    }
    #expect(try bed.fileBytes("\(name).zkey") == bytes)
  }

  @Test("a ceremony's key of another circuit is refused, in name and in its constraints")
  func otherCircuit() throws {
    let bed = try KeyBed()
    try bed.folder.add(try KeySample.otherCeremony.get(), name: name, origin: .ceremony)
    let room = bed.room(isStrict: true)
    #expect(code { _ = try room.checkingKey(name) } == "key_of_another_circuit")
    #expect(code { _ = try room.kit(name) } == "key_of_another_circuit")
  }

  @Test("a key is held against the circuit: count of signals, wires, and every constraint")
  func difference() throws {
    let key = try DevelopmentSetup.provingKey(for: MemoryPattern.system, named: "x")
    #expect(key.difference(from: MemoryPattern.system) == nil)
    #expect(key.difference(from: MemoryPolicy.system)?.contains("public signals") == true)
    let read = try ZKey.provingKey(ZKey.bytes(key))
    #expect(read.difference(from: MemoryPattern.system) == nil)
    let system = MemoryPattern.system
    for row in [0, 100, system.constraintCount - 1] {
      for isLeft in [true, false] {
        let altered = Self.altered(system, row, isLeft: isLeft)
        #expect(key.difference(from: altered) == "constraint \(row) differs")
      }
    }
  }

  /// The system with one more entry in a row.
  private static func altered(_ system: ConstraintSystem, _ row: Int, isLeft: Bool) -> ConstraintSystem {
    func copy(_ matrix: SparseMatrix, changed: Bool) -> SparseMatrix {
      var copy = SparseMatrix()
      for index in 0..<matrix.rowCount {
        let more = changed && index == row ? [SparseMatrix.Entry(wire: 9, coefficient: 77)] : []
        copy.append(Array(matrix[index]) + more)
      }
      return copy
    }
    return ConstraintSystem(
      wireCount: system.wireCount, outputCount: system.outputCount, publicCount: system.publicCount,
      left: copy(system.left, changed: isLeft), right: copy(system.right, changed: !isLeft), output: system.output)
  }

  @Test("a development key of an earlier version of its circuit is made anew, and that is told")
  func stale() throws {
    let bed = try KeyBed()
    let old = try DevelopmentSetup.provingKey(for: MemoryPolicy.system, named: "old")
    try bed.folder.add(ZKey.bytes(old), name: name, origin: .insecureDevelopment)
    // The same circuit but for a constraint: only the proving key shows it.
    let almost = try DevelopmentSetup.provingKey(
      for: Self.altered(MemoryPattern.system, 3, isLeft: true), named: "almost")
    for key in [old, almost] {
      try bed.folder.add(ZKey.bytes(key), name: name, origin: .insecureDevelopment)
      let changes = Atomic<Int>(0)
      let room = bed.room { changes.add(1, ordering: .relaxed) }
      let before = try room.checkingKey(name).keyID
      let kit = try room.kit(name)
      #expect(kit.checking.json == (try ProvingBed.room.checkingKey(name).json))
      #expect(changes.load(ordering: .relaxed) == (before == kit.checking.keyID ? 0 : 1))
      #expect(try room.checkingKey(name).keyID == kit.checking.keyID)
      #expect(try bed.fileBytes("\(name).zkey") == (try KeySample.development.get()))
    }
  }

  @Test("slots that need one key at once make it once")
  func concurrent() async throws {
    let bed = try KeyBed()
    let room = bed.room()
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<4 { group.addTask { try room.kit(KeySample.name).checking.keyID } }
      var ids: Set<String> = []
      for try await id in group { ids.insert(id) }
      #expect(ids.count == 1)
    }
  }

  @Test("an unreadable manifest is an error, not an empty one")
  func badManifest() throws {
    let bed = try KeyBed()
    try bed.folder.add([1], name: "x", origin: .ceremony)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: bed.path + "/manifest.json"))
    #expect(code { _ = try bed.room().kit(name) } == "key_manifest_invalid")
    #expect(bed.room().survey().problems.count == 6)
  }
}
