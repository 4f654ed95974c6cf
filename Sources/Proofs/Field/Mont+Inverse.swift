extension Mont {
  /// The number to a power of up to 64 bits; anything to the power of 0 is 1.
  ///
  /// The time shows the exponent.
  public func power(_ exponent: UInt64) -> Self {
    power(limbs: [exponent])
  }

  /// The number to a power given as limbs, least significant first.
  ///
  /// The time shows the exponent.
  /// - Complexity: 1.5 products a bit.
  public func power(limbs exponent: [UInt64]) -> Self {
    var result = Self.one
    var started = false
    for limb in exponent.reversed() {
      for bit in (0..<64).reversed() {
        if started { result = result.squared }
        if limb >> UInt64(bit) & 1 == 1 {
          result = started ? result * self : self
          started = true
        }
      }
    }
    return result
  }

  /// The number that gives 1 when multiplied; 0 for 0, which has none.
  ///
  /// The value to the power of modulus - 2 (Fermat).
  public var inverse: Self {
    power(limbs: [P.modulus0 &- 2, P.modulus1, P.modulus2, P.modulus3])
  }

  /// Inverts every number in place at the price of one inversion and three products a number (Montgomery's trick); 0 stays 0.
  public static func invert(_ values: inout [Self]) {
    var product = Self.one
    var before: [Self] = []
    before.reserveCapacity(values.count)
    for value in values {
      before.append(product)
      if !value.isZero { product *= value }
    }
    var inverse = product.inverse
    for index in values.indices.reversed() where !values[index].isZero {
      let value = values[index]
      values[index] = inverse * before[index]
      inverse *= value
    }
  }
}
