import Foundation
import Service
import TestSupport
import Testing

@testable import Proofs
@testable import Worker

/// Keys in files, as development and ceremonies leave them. All of one small circuit of the program, made once.
enum KeySample {
  static let name = MemoryPattern.name
  static let other = MemoryPolicy.name

  /// The development key of `memory_pattern`, as a file.
  static let development: Result<[UInt8], any Error> = Result {
    ZKey.bytes(try DevelopmentSetup.provingKey(for: MemoryPattern.system, named: "memory_pattern"))
  }

  /// A key of other secrets, without our mark and with one contribution: what a ceremony leaves.
  static let ceremony: Result<[UInt8], any Error> = Result {
    contributed(ZKey.bytes(try DevelopmentSetup.provingKey(for: MemoryPattern.system, named: "a ceremony")))
  }

  /// What a ceremony tool makes of the development key when somebody contributes to it: another delta and no mark. Tau and
  /// alpha are still known to all, so anybody can forge.
  static let continued: Result<[UInt8], any Error> = Result {
    let key = try DevelopmentSetup.provingKey(for: MemoryPattern.system, named: "memory_pattern")
    let factor: Fr = 1_234_567
    return contributed(ZKey.bytes(rescaled(key, delta: key.verifyingKey.delta.multiplied(by: factor), by: factor)))
  }

  /// A key to which nobody contributed, whatever it says: delta is gamma, which makes a proof of every statement from its
  /// key alone.
  static let untouched: Result<[UInt8], any Error> = Result {
    let key = try DevelopmentSetup.provingKey(for: MemoryPattern.system, named: "a ceremony")
    return contributed(ZKey.bytes(rescaled(key, delta: key.verifyingKey.gamma, by: 1)))
  }

  private static func rescaled(_ key: ProvingKey, delta: G2Point, by factor: Fr) -> ProvingKey {
    let old = key.verifyingKey
    func divided(_ points: [G1Point]) -> [G1Point] { points.map { $0.multiplied(by: factor.inverse) } }
    return ProvingKey(
      verifyingKey: VerifyingKey(
        uncheckedAlpha: old.alpha, beta: old.beta, gamma: old.gamma, delta: delta, inputs: old.inputs),
      betaG1: key.betaG1, deltaG1: key.deltaG1.multiplied(by: factor), wireCount: key.wireCount,
      domainSize: key.domainSize, left: key.left, right: key.right, a: key.a, b1: key.b1, b2: key.b2,
      c: divided(key.c), h: divided(key.h))
  }

  /// A ceremony's key of `memory_policy`.
  static let otherCeremony: Result<[UInt8], any Error> = Result {
    contributed(ZKey.bytes(try DevelopmentSetup.provingKey(for: MemoryPolicy.system, named: "a ceremony")))
  }

  /// The file without the mark and with a contribution in place of none.
  private static func contributed(_ file: [UInt8]) -> [UInt8] {
    var sections: [(id: UInt32, bytes: [UInt8])] = []
    var place = 12
    while place + 12 <= file.count {
      let id = number(file, place, 4)
      let length = Int(number(file, place + 4, 8))
      sections.append((UInt32(id), Array(file[(place + 12)..<(place + 12 + length)])))
      place += 12 + length
    }
    sections.removeAll { $0.id >= 1000 }
    for index in sections.indices where sections[index].id == 10 {
      sections[index].bytes = Array(sections[index].bytes[..<64]) + [1, 0, 0, 0] + [UInt8](repeating: 7, count: 400)
    }
    let head = Array(file[..<8]) + little(UInt64(sections.count), 4)
    return sections.reduce(head) { $0 + little(UInt64($1.id), 4) + little(UInt64($1.bytes.count), 8) + $1.bytes }
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
    bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}

/// A folder of keys that ends with its test.
struct KeyBed {
  let parent: TemporaryFolder
  let path: String
  let folder: KeyFolder

  init() throws {
    parent = try TemporaryFolder()
    path = parent.path + "/keys"
    folder = KeyFolder(path: path)
  }

  func room(isStrict: Bool = false, onChange: @escaping @Sendable () -> Void = {}) -> KeyRoom {
    KeyRoom(folder: folder, isStrict: isStrict, log: .silent, onChange: onChange)
  }

  func fileBytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }
}
