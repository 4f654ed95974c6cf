/// The self-shrinking Grain shift register that gives Poseidon its constants ("Poseidon: A New Hash Function for
/// Zero-Knowledge Proof Systems", Grassi and others, 2019, appendix E).
struct GrainGenerator {
  /// Bits of the field's modulus, and so of each draw.
  private static let fieldBits = 254

  /// The 80 bits of the register, the oldest in bit 0.
  private var register: UInt128
  /// Bits that left the register but were not used yet, the oldest in bit 0.
  private var pending: UInt64 = 0
  private var pendingCount = 0

  init(width: Int, fullRounds: Int, partialRounds: Int) {
    // A prime field (1) and a power S-box (0), then the sizes, then 30 ones; the first bit is the oldest.
    let fields: [(value: Int, bits: Int)] = [
      (1, 2), (0, 4), (Self.fieldBits, 12), (width, 12), (fullRounds, 10), (partialRounds, 10), ((1 << 30) - 1, 30),
    ]
    var register: UInt128 = 0
    var place: UInt128 = 0
    for field in fields {
      for bit in (0..<field.bits).reversed() {
        register |= UInt128(truncatingIfNeeded: field.value >> bit & 1) << place
        place += 1
      }
    }
    self.register = register
    // The first 160 bits are thrown away.
    for _ in 0..<10 { step() }
    pendingCount = 0
  }

  /// Makes 16 new bits at once: the highest tap is bit 62 of 80, so up to 18 do not depend on each other.
  private mutating func step() {
    let taps = register ^ register >> 13 ^ register >> 23 ^ register >> 38 ^ register >> 51 ^ register >> 62
    let bits = taps & 0xFFFF
    register = register >> 16 | bits << 64
    pending = UInt64(truncatingIfNeeded: bits)
    pendingCount = 16
  }

  /// One bit of output: of each pair, the second counts where the first is 1.
  private mutating func bit() -> UInt64 {
    while true {
      if pendingCount == 0 { step() }
      let pair = pending & 3
      pending >>= 2
      pendingCount -= 2
      if pair & 1 == 1 { return pair >> 1 }
    }
  }

  /// 254 bits, the most significant first.
  private mutating func draw() -> Limbs {
    var limbs: Limbs = (0, 0, 0, 0)
    for _ in 0..<Self.fieldBits {
      limbs.3 = limbs.3 << 1 | limbs.2 >> 63
      limbs.2 = limbs.2 << 1 | limbs.1 >> 63
      limbs.1 = limbs.1 << 1 | limbs.0 >> 63
      limbs.0 = limbs.0 << 1 | bit()
    }
    return limbs
  }

  /// A round constant: draws that are not below the modulus are thrown away.
  mutating func element() -> Fr {
    while true {
      let limbs = draw()
      if Fr.isCanonical(limbs) { return Fr(montgomery: limbs) * Fr(montgomery: ScalarParameters.radixSquared) }
    }
  }

  /// A point of the matrix: draws are reduced, as the reference program does.
  mutating func reducedElement() -> Fr {
    // 2^254 is less than six times the modulus.
    var limbs = draw()
    while !Fr.isCanonical(limbs) { limbs = Fr.reduced(limbs) }
    return Fr(montgomery: limbs) * Fr(montgomery: ScalarParameters.radixSquared)
  }
}
