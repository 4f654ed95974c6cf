/// The powers of a root of unity of order 2^k in Fr, where polynomials of fewer than 2^k coefficients are known by values.
///
/// Source: the radix-2 transform of Cooley and Tukey (1965) over a prime field.
public struct EvaluationDomain: Sendable {
  /// The largest k: 2^28 divides r - 1, and 2^29 does not.
  static let maximumLogarithm = 28

  /// k.
  let logarithm: Int
  /// The generator of the domain.
  let root: Fr
  /// A root of the generator: the odd powers of it are the coset that lies between the domain's points.
  let cosetShift: Fr
  /// The first half of the generator's powers.
  private let powers: [Fr]
  /// The same of its inverse.
  private let inversePowers: [Fr]
  private let sizeInverse: Fr

  /// How many points the domain has.
  public var size: Int { 1 << logarithm }

  /// The domain of 2^`logarithm` points.
  ///
  /// - Throws: `domainTooLarge` above 2^27, as the coset needs a root of twice the order.
  public init(logarithm: Int) throws(ProofsError) {
    guard (0..<Self.maximumLogarithm).contains(logarithm) else { throw .domainTooLarge(logarithm) }
    self.logarithm = logarithm
    cosetShift = Self.root(ofOrder: logarithm + 1)
    root = cosetShift.squared
    powers = Self.powers(of: root, count: max(1, (1 << logarithm) / 2))
    inversePowers = Self.powers(of: root.inverse, count: max(1, (1 << logarithm) / 2))
    sizeInverse = Fr(UInt64(1) << UInt64(logarithm)).inverse
  }

  /// The smallest domain of at least `count` points.
  ///
  /// - Throws: `domainTooLarge`.
  init(atLeast count: Int) throws(ProofsError) {
    var logarithm = 0
    while logarithm < Self.maximumLogarithm, 1 << logarithm < count { logarithm += 1 }
    try self.init(logarithm: logarithm)
  }

  /// From coefficients to the values at 1, root, root^2 ...
  ///
  /// - Precondition: there are `size` numbers.
  /// - Complexity: `size` * k / 2 products.
  public func evaluate(_ values: inout [Fr]) { Self.transform(&values, powers, logarithm) }

  /// From values at 1, root, root^2 ... to coefficients.
  ///
  /// - Precondition: there are `size` numbers.
  func interpolate(_ values: inout [Fr]) {
    Self.transform(&values, inversePowers, logarithm)
    for index in values.indices { values[index] *= sizeInverse }
  }

  /// From values on the domain to values of the same polynomial on the coset.
  ///
  /// - Precondition: there are `size` numbers.
  func extend(_ values: inout [Fr]) {
    Self.transform(&values, inversePowers, logarithm)
    var factor = sizeInverse
    for index in values.indices {
      values[index] *= factor
      factor *= cosetShift
    }
    evaluate(&values)
  }

  /// The value of each Lagrange polynomial of the domain at `point`, which lies outside the domain.
  ///
  /// - Complexity: one inversion and some five products a point of the domain.
  func lagrange(at point: Fr) -> [Fr] {
    // L_i(x) = (x^n - 1) / n * w^i / (x - w^i).
    var differences: [Fr] = []
    differences.reserveCapacity(size)
    var power = Fr.one
    for _ in 0..<size {
      differences.append(point - power)
      power *= root
    }
    Fr.invert(&differences)
    var factor = (point.power(UInt64(size)) - .one) * sizeInverse
    for index in differences.indices {
      differences[index] *= factor
      factor *= root
    }
    return differences
  }

  /// A number whose powers are 2^k different ones.
  private static func root(ofOrder logarithm: Int) -> Fr {
    // 5 generates the whole group; (r - 1) / 2^28 is odd.
    var root = Fr(5).power(limbs: [0x9b97_0914_3e1f_593f, 0x1815_85d2_833e_8487, 0x131a_029b_8504_5b68, 0x3_0644_e72e])
    for _ in logarithm..<maximumLogarithm { root = root.squared }
    return root
  }

  private static func powers(of root: Fr, count: Int) -> [Fr] {
    var powers: [Fr] = []
    powers.reserveCapacity(count)
    var power = Fr.one
    for _ in 0..<count {
      powers.append(power)
      power *= root
    }
    return powers
  }

  /// In place: puts the numbers in bit-reversed order, then joins halves of growing length.
  private static func transform(_ values: inout [Fr], _ powers: [Fr], _ logarithm: Int) {
    let size = 1 << logarithm
    precondition(
      values.count == size && powers.count >= size / 2, "callers give as many numbers as the domain has points")
    powers.withUnsafeBufferPointer { powers in
      values.withUnsafeMutableBufferPointer { values in
        var reversed = 0
        for index in 0..<size {
          if index < reversed { values.swapAt(index, reversed) }
          var bit = size >> 1
          while bit > 0, reversed & bit != 0 {
            reversed ^= bit
            bit >>= 1
          }
          reversed |= bit
        }
        var half = 1
        while half < size {
          let stride = size / (2 * half)
          var start = 0
          while start < size {
            for offset in 0..<half {
              let low = values[start + offset]
              let high = values[start + offset + half] * powers[offset * stride]
              values[start + offset] = low + high
              values[start + offset + half] = low - high
            }
            start += 2 * half
          }
          half *= 2
        }
      }
    }
  }
}
