/// The loop of the optimal ate pairing of BN254, over many pairs at a time (Vercauteren, "Optimal Pairings", 2010).
enum MillerLoop {
  /// 6x + 2 in digits -1, 0 and 1, from the second highest.
  static let digits: [Int8] = [
    0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 0, -1, 0, 1, 0, -1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1, 0, 0, -1,
    0, 0, 0, 0, -1, 0, 1, 0, 0, 0, -1, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0, 0, -1, 0, 1, 0, 1, 0, 0, 0,
  ]

  /// Lines of a whole loop.
  static let lineCount = digits.count + digits.count { $0 != 0 } + 2

  /// A pair whose value is a factor of the product.
  typealias Pair = (g1: G1Point, g2: PreparedG2)

  /// The product of the pairs' values, before the final exponentiation; the squares are shared.
  ///
  /// - Precondition: no point is infinity.
  static func product(_ pairs: [Pair]) -> Fp12 {
    var value = Fp12.one
    var line = 0
    for digit in digits {
      if line > 0 { value = value.squared }
      multiply(&value, pairs, line)
      line += 1
      if digit != 0 {
        multiply(&value, pairs, line)
        line += 1
      }
    }
    multiply(&value, pairs, line)
    multiply(&value, pairs, line + 1)
    return value
  }

  private static func multiply(_ value: inout Fp12, _ pairs: [Pair], _ index: Int) {
    for pair in pairs {
      let line = pair.g2.lines[index]
      value.multiply(line: line.l0 * pair.g1.y, line.l1 * pair.g1.x, line.l3)
    }
  }
}

extension G2Point {
  /// The endomorphism psi: the twist's image of (x^p, y^p), which multiplies points of order r by p.
  var frobenius: Self {
    Self(uncheckedX: x.conjugate * Frobenius.factors[2], y: y.conjugate * Frobenius.factors[3])
  }
}
