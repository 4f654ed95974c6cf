import Sealing

/// The bytes of a vector as the standards print them: hexadecimal, perhaps with spaces.
func hex(_ text: String) -> [UInt8] {
  do {
    return try Hex.decode(text.filter { !$0.isWhitespace })
  } catch {
    fatalError("the vector is mistyped: \(error)")
  }
}

func secret(_ text: String) -> SecretBytes { SecretBytes(copying: hex(text)) }

extension SecretBytes {
  /// The octets, for comparison with a vector.
  var revealed: [UInt8] { withBytes { $0.withUnsafeBufferPointer { Array($0) } } }
}

/// SplitMix64: small, and the same sequence for a seed everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }

  /// One small change: a byte altered, removed, added, or the end cut off.
  mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let index = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &self)
    switch Int.random(in: 0..<4, using: &self) {
    case 0 where !bytes.isEmpty: bytes[index] = UInt8.random(in: 0...255, using: &self)
    case 1 where !bytes.isEmpty: bytes.remove(at: index)
    case 2: bytes.insert(UInt8.random(in: 0...255, using: &self), at: index)
    default: bytes.removeLast(bytes.count - index)
    }
    return bytes
  }
}
