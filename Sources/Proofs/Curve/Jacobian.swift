/// A point (x / z^2, y / z^3), which adds without divisions; z = 0 is infinity.
///
/// Formulas: Explicit-Formulas Database, short Weierstrass curves with a = 0 in Jacobian coordinates.
struct Jacobian<F: CurveField>: Sendable {
  var x: F
  var y: F
  var z: F

  @inline(__always)
  init(x: F, y: F, z: F) {
    self.x = x
    self.y = y
    self.z = z
  }

  @inline(__always)
  init(_ point: Affine<F>) {
    self = point.isInfinity ? .infinity : Self(x: point.x, y: point.y, z: .one)
  }

  @inline(__always)
  static var infinity: Self { Self(x: .one, y: .one, z: .zero) }

  @inline(__always)
  var isInfinity: Bool { z.isZero }

  static prefix func - (point: Self) -> Self { Self(x: point.x, y: -point.y, z: point.z) }

  /// dbl-2009-l: 2 products, 5 squares.
  var doubled: Self {
    if isInfinity { return self }
    let a = x.squared
    let b = y.squared
    let c = b.squared
    let d = ((x + b).squared - a - c).doubled
    let e = a.doubled + a
    let newX = e.squared - d.doubled
    return Self(x: newX, y: e * (d - newX) - c.doubled.doubled.doubled, z: (y * z).doubled)
  }

  /// add-2007-bl: 11 products, 5 squares.
  static func + (left: Self, right: Self) -> Self {
    if left.isInfinity { return right }
    if right.isInfinity { return left }
    let leftZ = left.z.squared
    let rightZ = right.z.squared
    let leftX = left.x * rightZ
    let leftY = left.y * right.z * rightZ
    let h = right.x * leftZ - leftX
    let half = right.y * left.z * leftZ - leftY
    if h.isZero { return half.isZero ? left.doubled : .infinity }
    let i = h.doubled.squared
    let j = h * i
    let r = half.doubled
    let v = leftX * i
    let x = r.squared - j - v.doubled
    return Self(
      x: x, y: r * (v - x) - (leftY * j).doubled, z: ((left.z + right.z).squared - leftZ - rightZ) * h)
  }

  /// madd-2007-bl, for a point with z = 1: 7 products, 4 squares.
  static func + (left: Self, right: Affine<F>) -> Self {
    if right.isInfinity { return left }
    if left.isInfinity { return Self(right) }
    let leftZ = left.z.squared
    let h = right.x * leftZ - left.x
    let half = right.y * left.z * leftZ - left.y
    if h.isZero { return half.isZero ? left.doubled : .infinity }
    let hh = h.squared
    let i = hh.doubled.doubled
    let j = h * i
    let r = half.doubled
    let v = left.x * i
    let x = r.squared - j - v.doubled
    return Self(x: x, y: r * (v - x) - (left.y * j).doubled, z: (left.z + h).squared - leftZ - hh)
  }

  @inline(__always)
  static func += (left: inout Self, right: Self) { left = left + right }

  @inline(__always)
  static func += (left: inout Self, right: Affine<F>) { left = left + right }

  /// Whether both are the same point, whatever their z.
  static func == (left: Self, right: Self) -> Bool {
    if left.isInfinity || right.isInfinity { return left.isInfinity && right.isInfinity }
    let leftZ = left.z.squared
    let rightZ = right.z.squared
    return left.x * rightZ == right.x * leftZ && left.y * right.z * rightZ == right.y * left.z * leftZ
  }

  /// The coordinates, at the price of an inversion.
  var affine: Affine<F> {
    if isInfinity { return .infinity }
    let inverse = z.inverse
    let square = inverse.squared
    return Affine(uncheckedX: x * square, y: y * square * inverse)
  }

  /// The coordinates of many points at the price of one inversion.
  static func affine(_ points: [Self]) -> [Affine<F>] {
    var inverses = points.map(\.z)
    F.invert(&inverses)
    return zip(points, inverses).map { point, inverse in
      if point.isInfinity { return .infinity }
      let square = inverse.squared
      return Affine(uncheckedX: point.x * square, y: point.y * square * inverse)
    }
  }

  /// The point added to itself as often as the canonical limbs say, least significant first; the time shows the number.
  ///
  /// - Complexity: a doubling a bit and an addition every second one.
  func multiplied(byLimbs limbs: [UInt64]) -> Self {
    var result = Self.infinity
    for limb in limbs.reversed() {
      for bit in (0..<64).reversed() {
        result = result.doubled
        if limb >> UInt64(bit) & 1 == 1 { result += self }
      }
    }
    return result
  }

  /// The point, of order r, added to itself as often as the scalar says; the time shows the scalar.
  ///
  /// - Complexity: 127 doublings, 95 additions.
  func multiplied(by scalar: Fr) -> Self {
    let (first, second) = Endomorphism.split(scalar.canonicalLimbs)
    let left = first.isNegative ? -self : self
    return Self.interleaved(left, first, second.isNegative ? -image : image, second, bits: 127)
  }

  /// The point, of order r, times factor + lambda imageFactor.
  ///
  /// - Complexity: 64 doublings, 48 additions.
  func multiplied(by factor: UInt64, imageBy imageFactor: UInt64) -> Self {
    Self.interleaved(
      self, Endomorphism.Half(low: factor, high: 0, isNegative: false), image,
      Endomorphism.Half(low: imageFactor, high: 0, isNegative: false), bits: 64)
  }

  /// The point times lambda.
  private var image: Self { Self(x: x.scaled(by: F.beta), y: y, z: z) }

  /// The sum of two points times the magnitudes of two factors.
  private static func interleaved(
    _ left: Self, _ first: Endomorphism.Half, _ right: Self, _ second: Endomorphism.Half, bits: Int
  ) -> Self {
    let both = left + right
    var result = Self.infinity
    for bit in (0..<bits).reversed() {
      result = result.doubled
      switch (first.bit(bit), second.bit(bit)) {
      case (true, true): result += both
      case (true, false): result += left
      case (false, true): result += right
      case (false, false): break
      }
    }
    return result
  }
}

extension Affine {
  /// The point, of order r, added to itself as often as the scalar says; the time shows the scalar.
  func multiplied(by scalar: Fr) -> Self { Jacobian(self).multiplied(by: scalar).affine }
}
