/// A point of G1 or G2 by its coordinates; (0, 0), which is on neither curve, stands for the point at infinity.
public struct Affine<F: CurveField>: Sendable, Hashable {
  /// The first coordinate.
  public let x: F
  /// The second coordinate.
  public let y: F

  /// Takes coordinates as they are: those of a computed point, or of a key that has been checked.
  @inline(__always)
  init(uncheckedX x: F, y: F) {
    self.x = x
    self.y = y
  }

  /// The point at infinity, which changes nothing when added.
  @inline(__always)
  public static var infinity: Self { Self(uncheckedX: .zero, y: .zero) }

  /// The generator of the group.
  public static var generator: Self { F.curveGenerator }

  /// Whether this is the point at infinity.
  @inline(__always)
  public var isInfinity: Bool { x.isZero && y.isZero }

  /// Whether the coordinates fulfil y^2 = x^3 + b, or stand for infinity.
  public var isOnCurve: Bool { isInfinity || y.squared == x.squared * x + F.curveConstant }

  /// The point that gives infinity when added.
  @inline(__always)
  public static prefix func - (point: Self) -> Self { Self(uncheckedX: point.x, y: -point.y) }
}

/// A point of G1: y^2 = x^3 + 3 over Fp, whose points all have the order r.
public typealias G1Point = Affine<Fp>

/// A point of the twist: y^2 = x^3 + 3 / (9 + u) over Fp2. G2 are those of its points whose order is r.
public typealias G2Point = Affine<Fp2>
