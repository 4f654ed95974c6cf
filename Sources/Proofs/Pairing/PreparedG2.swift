/// The lines of the Miller loop of one point of G2: they depend on it alone, so a key's points are prepared once.
///
/// Homogeneous projective formulas for a twist of type D (Costello, Lange and Naehrig, "Faster Pairing Computations on Curves
/// with High-Degree Twists", 2010; Aranha et al., "Faster Explicit Formulas for Computing Pairings over Ordinary Curves", 2011).
struct PreparedG2: Sendable {
  /// y l0 + x l1 w + l3 w^3 is the line's value at (x, y).
  struct Line: Sendable {
    let l0: Fp2
    let l1: Fp2
    let l3: Fp2
  }

  /// In the order of the loop: one a doubling, one an addition.
  let lines: [Line]

  /// - Precondition: the point is of order r.
  init(_ point: G2Point) {
    var lines: [Line] = []
    lines.reserveCapacity(MillerLoop.lineCount)
    var t = Projective(x: point.x, y: point.y, z: .one)
    let negative = -point
    for digit in MillerLoop.digits {
      lines.append(t.double())
      if digit > 0 { lines.append(t.add(point)) }
      if digit < 0 { lines.append(t.add(negative)) }
    }
    let first = point.frobenius
    lines.append(t.add(first))
    lines.append(t.add(-first.frobenius))
    self.lines = lines
  }

  /// (x / z, y / z).
  private struct Projective {
    var x: Fp2
    var y: Fp2
    var z: Fp2

    private static let half = Fp(2).inverse
    private static let threefoldConstant = Fp2.curveConstant * Fp(3)

    /// Doubles the point; the tangent.
    mutating func double() -> Line {
      let a = x * y * Self.half
      let b = y.squared
      let c = z.squared
      let e = c * Self.threefoldConstant
      let f = e.doubled + e
      let g = (b + f) * Self.half
      let h = (y + z).squared - b - c
      let j = x.squared
      let square = e.squared
      x = a * (b - f)
      y = g.squared - (square.doubled + square)
      z = b * h
      return Line(l0: -h, l1: j.doubled + j, l3: e - b)
    }

    /// Adds a point; the line through both.
    mutating func add(_ point: G2Point) -> Line {
      let o = y - point.y * z
      let l = x - point.x * z
      let d = l.squared
      let e = l * d
      let f = z * o.squared
      let g = x * d
      let h = e + f - g.doubled
      x = l * h
      y = o * (g - h) - y * e
      z = e * z
      return Line(l0: l, l1: -o, l3: o * point.x - l * point.y)
    }
  }
}
