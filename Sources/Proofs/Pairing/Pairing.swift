/// The optimal ate pairing of BN254, as EIP-197 and py_ecc compute it.
enum Pairing {
  /// e(p, q); 1 when one of them is infinity.
  static func value(_ p: G1Point, _ q: G2Point) -> Fp12 {
    if p.isInfinity || q.isInfinity { return .one }
    return FinalExponentiation.power(MillerLoop.product([(p, PreparedG2(q))]))
  }
}
