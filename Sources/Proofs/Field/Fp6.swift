/// A number of Fp6 = Fp2[v] / (v^3 - xi) with xi = 9 + u.
struct Fp6: Sendable, Hashable {
  var c0: Fp2
  var c1: Fp2
  var c2: Fp2

  @inline(__always)
  init(_ c0: Fp2, _ c1: Fp2, _ c2: Fp2) {
    self.c0 = c0
    self.c1 = c1
    self.c2 = c2
  }

  @inline(__always)
  static var zero: Self { Self(.zero, .zero, .zero) }

  @inline(__always)
  static var one: Self { Self(.one, .zero, .zero) }

  @inline(__always)
  static func + (left: Self, right: Self) -> Self {
    Self(left.c0 + right.c0, left.c1 + right.c1, left.c2 + right.c2)
  }

  @inline(__always)
  static func - (left: Self, right: Self) -> Self {
    Self(left.c0 - right.c0, left.c1 - right.c1, left.c2 - right.c2)
  }

  @inline(__always)
  static prefix func - (value: Self) -> Self { Self(-value.c0, -value.c1, -value.c2) }

  /// Six products of Fp2 (Devegili et al., "Multiplication and Squaring on Pairing-Friendly Fields", 2006).
  static func * (left: Self, right: Self) -> Self {
    let p0 = left.c0 * right.c0
    let p1 = left.c1 * right.c1
    let p2 = left.c2 * right.c2
    let outer = (left.c0 + left.c2) * (right.c0 + right.c2) - p0 - p2
    let lower = (left.c0 + left.c1) * (right.c0 + right.c1) - p0 - p1
    let upper = (left.c1 + left.c2) * (right.c1 + right.c2) - p1 - p2
    return Self(p0 + upper.timesXi, lower + p2.timesXi, outer + p1)
  }

  /// Product with a number of Fp2.
  @inline(__always)
  static func * (left: Self, right: Fp2) -> Self { Self(left.c0 * right, left.c1 * right, left.c2 * right) }

  /// Product with b0 + b1 v, in five products.
  static func sparseProduct(_ left: Self, _ b0: Fp2, _ b1: Fp2) -> Self {
    let p0 = left.c0 * b0
    let p1 = left.c1 * b1
    let lower = (left.c0 + left.c1) * (b0 + b1) - p0 - p1
    return Self(p0 + (left.c2 * b1).timesXi, lower, p1 + left.c2 * b0)
  }

  /// Product with v.
  @inline(__always)
  var timesV: Self { Self(c2.timesXi, c0, c1) }

  /// The number that gives 1 when multiplied; 0 for 0.
  var inverse: Self {
    let a = c0.squared - (c1 * c2).timesXi
    let b = c2.squared.timesXi - c0 * c1
    let c = c1.squared - c0 * c2
    let norm = (c0 * a + (c2 * b + c1 * c).timesXi).inverse
    return Self(a * norm, b * norm, c * norm)
  }
}

extension Fp2 {
  /// Product with xi = 9 + u: 9 c0 - c1 + (9 c1 + c0) u.
  @inline(__always)
  var timesXi: Self {
    let eight = self + self
    let four = eight + eight
    let nine = four + four + self
    return Self(nine.c0 - c1, nine.c1 + c0)
  }
}
