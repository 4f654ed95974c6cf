/// A number of Fp2 = Fp[u] / (u^2 + 1): the field that coordinates of G2 lie in.
public struct Fp2: Sendable, Hashable {
  /// The part without u.
  public var c0: Fp
  /// The factor of u.
  public var c1: Fp

  /// c0 + c1 u.
  @inline(__always)
  public init(_ c0: Fp, _ c1: Fp) {
    self.c0 = c0
    self.c1 = c1
  }

  /// 0.
  @inline(__always)
  public static var zero: Self { Self(.zero, .zero) }

  /// 1.
  @inline(__always)
  public static var one: Self { Self(.one, .zero) }

  /// Whether the number is 0.
  @inline(__always)
  public var isZero: Bool { c0.isZero && c1.isZero }

  /// Sum.
  @inline(__always)
  public static func + (left: Self, right: Self) -> Self { Self(left.c0 + right.c0, left.c1 + right.c1) }

  /// Difference.
  @inline(__always)
  public static func - (left: Self, right: Self) -> Self { Self(left.c0 - right.c0, left.c1 - right.c1) }

  /// The number that gives 0 when added.
  @inline(__always)
  public static prefix func - (value: Self) -> Self { Self(-value.c0, -value.c1) }

  /// Product, in three products of Fp (Karatsuba).
  @inline(__always)
  public static func * (left: Self, right: Self) -> Self {
    let low = left.c0 * right.c0
    let high = left.c1 * right.c1
    let both = (left.c0 + left.c1) * (right.c0 + right.c1)
    return Self(low - high, both - low - high)
  }

  /// Product with a number of Fp.
  @inline(__always)
  public static func * (left: Self, right: Fp) -> Self { Self(left.c0 * right, left.c1 * right) }

  /// Product with itself, in two products of Fp: (c0 + c1)(c0 - c1) + 2 c0 c1 u.
  @inline(__always)
  public var squared: Self {
    let product = c0 * c1
    return Self((c0 + c1) * (c0 - c1), product + product)
  }

  /// c0 - c1 u: the number to the power of p.
  @inline(__always)
  public var conjugate: Self { Self(c0, -c1) }

  /// The number that gives 1 when multiplied; 0 for 0, which has none.
  public var inverse: Self {
    let norm = (c0.squared + c1.squared).inverse
    return Self(c0 * norm, -(c1 * norm))
  }

  /// Inverts every number in place at the price of one inversion; 0 stays 0.
  public static func invert(_ values: inout [Self]) {
    var norms = values.map { $0.c0.squared + $0.c1.squared }
    Fp.invert(&norms)
    for index in values.indices { values[index] = values[index].conjugate * norms[index] }
  }
}
