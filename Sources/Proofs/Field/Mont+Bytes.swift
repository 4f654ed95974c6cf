extension Mont {
  /// The number itself, out of Montgomery form, least significant limb first; always below the modulus.
  public var canonicalLimbs: Limbs { (self * Self(montgomery: (1, 0, 0, 0))).montgomeryLimbs }

  /// Takes a number that is below the modulus.
  ///
  /// - Throws: `notCanonical`.
  public init(canonicalLimbs limbs: Limbs) throws(ProofsError) {
    guard Self.isCanonical(limbs) else { throw .notCanonical }
    self = Self(montgomery: limbs) * Self(montgomery: P.radixSquared)
  }

  /// Reads 32 bytes, most significant first.
  ///
  /// - Throws: `wrongLength`; `notCanonical` for the modulus and above.
  public init(bigEndian bytes: [UInt8]) throws(ProofsError) {
    try self.init(littleEndian: bytes.reversed())
  }

  /// Reads 32 bytes, least significant first.
  ///
  /// - Throws: `wrongLength`; `notCanonical` for the modulus and above.
  public init(littleEndian bytes: [UInt8]) throws(ProofsError) {
    guard bytes.count == 32 else { throw .wrongLength(expected: 32, actual: bytes.count) }
    try self.init(canonicalLimbs: Self.limbs(bytes[...]))
  }

  /// Reduces 64 bytes, most significant first, modulo the field: a hash or random bytes become a number whose bias
  /// (2^-258) nobody can find.
  ///
  /// - Throws: `wrongLength`.
  public init(reducing bytes: [UInt8]) throws(ProofsError) {
    guard bytes.count == 64 else { throw .wrongLength(expected: 64, actual: bytes.count) }
    let reversed = Array(bytes.reversed())
    let toMontgomery = Self(montgomery: P.radixSquared)
    let low = Self(montgomery: Self.remainder(Self.limbs(reversed[..<32]))) * toMontgomery
    let high = Self(montgomery: Self.remainder(Self.limbs(reversed[32...]))) * toMontgomery
    // The high half counts 2^256 times, which is one more step into Montgomery form.
    self = high * toMontgomery + low
  }

  /// The 32 bytes, most significant first.
  public var bigEndianBytes: [UInt8] { littleEndianBytes.reversed() }

  /// The 32 bytes, least significant first.
  public var littleEndianBytes: [UInt8] {
    let (limb0, limb1, limb2, limb3) = canonicalLimbs
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for limb in [limb0, limb1, limb2, limb3] {
      for byte in UInt64(0)..<8 { bytes.append(UInt8(truncatingIfNeeded: limb >> (byte * 8))) }
    }
    return bytes
  }

  static func isCanonical(_ limbs: Limbs) -> Bool {
    var borrow: UInt64 = 0
    _ = subtract(limbs.0, P.modulus0, &borrow)
    _ = subtract(limbs.1, P.modulus1, &borrow)
    _ = subtract(limbs.2, P.modulus2, &borrow)
    _ = subtract(limbs.3, P.modulus3, &borrow)
    return borrow == 1
  }

  /// Any 256-bit number modulo the field. 2^256 is less than six times a modulus of 254 bits, so few steps do.
  private static func remainder(_ limbs: Limbs) -> Limbs {
    var limbs = limbs
    while !isCanonical(limbs) { limbs = reduced(limbs) }
    return limbs
  }

  private static func limbs(_ bytes: ArraySlice<UInt8>) -> Limbs {
    func limb(_ index: Int) -> UInt64 {
      (0..<8).reduce(0) { $0 | UInt64(bytes[bytes.startIndex + index * 8 + $1]) << UInt64($1 * 8) }
    }
    return (limb(0), limb(1), limb(2), limb(3))
  }
}
