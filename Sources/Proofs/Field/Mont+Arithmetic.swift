extension Mont {
  /// Sum.
  @inline(__always)
  public static func + (left: Self, right: Self) -> Self {
    var carry: UInt64 = 0
    let sum: Limbs = (
      add(left.limb0, right.limb0, &carry), add(left.limb1, right.limb1, &carry), add(left.limb2, right.limb2, &carry),
      add(left.limb3, right.limb3, &carry)
    )
    // Both are below 2^254, so the last carry is 0.
    return Self(montgomery: reduced(sum))
  }

  /// Difference.
  @inline(__always)
  public static func - (left: Self, right: Self) -> Self {
    var borrow: UInt64 = 0
    let difference: Limbs = (
      subtract(left.limb0, right.limb0, &borrow), subtract(left.limb1, right.limb1, &borrow),
      subtract(left.limb2, right.limb2, &borrow), subtract(left.limb3, right.limb3, &borrow)
    )
    let mask = 0 &- borrow
    var carry: UInt64 = 0
    return Self(
      montgomery: (
        add(difference.0, P.modulus0 & mask, &carry), add(difference.1, P.modulus1 & mask, &carry),
        add(difference.2, P.modulus2 & mask, &carry), add(difference.3, P.modulus3 & mask, &carry)
      ))
  }

  /// The number that gives 0 when added.
  @inline(__always)
  public static prefix func - (value: Self) -> Self { zero - value }

  /// Product.
  ///
  /// Montgomery's method, limb by limb, in the form without a fifth limb that a modulus below 2^254 allows (Acar 1996;
  /// "no-carry" by Botrel, 2020).
  @inline(__always)
  public static func * (left: Self, right: Self) -> Self {
    var sum: Limbs = (0, 0, 0, 0)
    accumulate(&sum, left.montgomeryLimbs, right.limb0)
    accumulate(&sum, left.montgomeryLimbs, right.limb1)
    accumulate(&sum, left.montgomeryLimbs, right.limb2)
    accumulate(&sum, left.montgomeryLimbs, right.limb3)
    return Self(montgomery: reduced(sum))
  }

  /// Product with itself.
  @inline(__always)
  public var squared: Self { self * self }

  /// Adds in place.
  @inline(__always)
  public static func += (left: inout Self, right: Self) { left = left + right }

  /// Subtracts in place.
  @inline(__always)
  public static func -= (left: inout Self, right: Self) { left = left - right }

  /// Multiplies in place.
  @inline(__always)
  public static func *= (left: inout Self, right: Self) { left = left * right }

  /// sum = (sum + factor * limb + multiple of the modulus) / 2^64.
  @inline(__always)
  private static func accumulate(_ sum: inout Limbs, _ factor: Limbs, _ limb: UInt64) {
    var high: UInt64 = 0
    var low = multiply(factor.0, limb, sum.0, 0, &high)
    // Chosen so that the lowest limb of the total is 0 and falls away.
    let multiple = low &* P.negatedInverse
    var carry: UInt64 = 0
    _ = multiply(multiple, P.modulus0, low, 0, &carry)
    low = multiply(factor.1, limb, sum.1, high, &high)
    sum.0 = multiply(multiple, P.modulus1, low, carry, &carry)
    low = multiply(factor.2, limb, sum.2, high, &high)
    sum.1 = multiply(multiple, P.modulus2, low, carry, &carry)
    low = multiply(factor.3, limb, sum.3, high, &high)
    sum.2 = multiply(multiple, P.modulus3, low, carry, &carry)
    sum.3 = high &+ carry
  }

  /// One subtraction of the modulus from a number below its double, without a branch.
  @inline(__always)
  static func reduced(_ value: Limbs) -> Limbs {
    var borrow: UInt64 = 0
    let difference: Limbs = (
      subtract(value.0, P.modulus0, &borrow), subtract(value.1, P.modulus1, &borrow),
      subtract(value.2, P.modulus2, &borrow), subtract(value.3, P.modulus3, &borrow)
    )
    let keep = 0 &- borrow
    return (
      difference.0 ^ ((difference.0 ^ value.0) & keep), difference.1 ^ ((difference.1 ^ value.1) & keep),
      difference.2 ^ ((difference.2 ^ value.2) & keep), difference.3 ^ ((difference.3 ^ value.3) & keep)
    )
  }
}

/// left * right + addend + carryIn; the low half is returned. It always fits 128 bits.
@inline(__always)
func multiply(_ left: UInt64, _ right: UInt64, _ addend: UInt64, _ carryIn: UInt64, _ high: inout UInt64) -> UInt64 {
  let product = left.multipliedFullWidth(by: right)
  let first = product.low.addingReportingOverflow(addend)
  let second = first.partialValue.addingReportingOverflow(carryIn)
  high = product.high &+ (first.overflow ? 1 : 0) &+ (second.overflow ? 1 : 0)
  return second.partialValue
}

/// left + right + carry. At most one of the two additions overflows; told by `!=`, the compiler makes one add-with-carry of
/// them, which a sum of the two flags prevents (half again as long).
@inline(__always)
func add(_ left: UInt64, _ right: UInt64, _ carry: inout UInt64) -> UInt64 {
  let first = left.addingReportingOverflow(right)
  let second = first.partialValue.addingReportingOverflow(carry)
  carry = first.overflow != second.overflow ? 1 : 0
  return second.partialValue
}

/// left - right - borrow, likewise.
@inline(__always)
func subtract(_ left: UInt64, _ right: UInt64, _ borrow: inout UInt64) -> UInt64 {
  let first = left.subtractingReportingOverflow(right)
  let second = first.partialValue.subtractingReportingOverflow(borrow)
  borrow = first.overflow != second.overflow ? 1 : 0
  return second.partialValue
}
