import JSONWire
import Memories
import Proofs

extension JSONFieldReader {
  /// A required field element, a decimal string below r; 0 after a problem.
  mutating func fieldElement(_ name: String) -> Fr {
    guard let value = field(name) else {
      if object.kind == .object { reject(name, "missing") }
      return .zero
    }
    return element(value)
  }

  /// A field element; 0 when absent or `null`.
  mutating func fieldElementOrZero(_ name: String) -> Fr { optionalValue(name).map { element($0) } ?? .zero }

  /// A required array of field elements, its length within `count`.
  mutating func fieldElements(_ name: String, count: ClosedRange<Int>) -> [Fr] {
    array(name, count: count).map { element($0) }
  }

  /// A value as a field element; 0 after recording why it is none.
  mutating func element(_ value: JSONValue) -> Fr {
    guard let digits = value.asStringBytes else {
      mismatch(value, expected: "a field element as a decimal string")
      return .zero
    }
    do {
      return try Fr(decimal: digits.span)
    } catch {
      reject(value, "\(error.code): \(error)")
      return .zero
    }
  }

  /// A required object of the three flags.
  mutating func flags(_ name: String) -> MemoryFlags {
    object(name) { flags in
      MemoryFlags(finance: flags.bool("finance"), health: flags.bool("health"), personal: flags.bool("personal"))
    } ?? MemoryFlags(finance: false, health: false, personal: false)
  }

  /// A required time in Unix seconds, of at most 40 bits.
  mutating func seconds(_ name: String) -> UInt64 { UInt64(clamping: int(name, in: ProofRanges.seconds)) }

  /// A required version of a user's key.
  mutating func version(_ name: String) -> UInt32 { UInt32(clamping: int(name, in: ProofRanges.version)) }

  /// Whether the object has this field; reads nothing.
  func has(_ name: String) -> Bool { object.kind == .object && object[name] != nil }

  /// `user` and `memory_id`.
  mutating func memoryReference() -> MemoryReference {
    MemoryReference(
      user: string("user", length: MemoryLimits.userBytes), memoryID: string("memory_id", length: MemoryLimits.idBytes))
  }
}

/// What the circuits take of plain numbers.
enum ProofRanges {
  /// Unix seconds of 40 bits: to the year 36812.
  static let seconds = 0...((1 << Deletion.instantBits) - 1)
  /// 32 bits.
  static let version = 0...Int(UInt32.max)
}
