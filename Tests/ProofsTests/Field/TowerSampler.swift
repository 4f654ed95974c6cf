import TestSupport

@testable import Proofs

/// Random numbers of Fp2, Fp6 and Fp12, the same for a seed everywhere.
struct TowerSampler: CustomStringConvertible {
  private var numbers = FieldSampler<CoordinateParameters>()

  /// The setting that repeats the run.
  var description: String { "\(numbers)" }

  mutating func fp2() -> Fp2 { Fp2(numbers.next(), numbers.next()) }

  mutating func fp6() -> Fp6 { Fp6(fp2(), fp2(), fp2()) }

  mutating func fp12() -> Fp12 { Fp12(fp6(), fp6()) }

  /// A number of the cyclotomic subgroup: any number to the power of (p^6 - 1)(p^2 + 1).
  mutating func cyclotomic() -> Fp12 {
    let value = fp12()
    let unit = value.conjugate * value.inverse
    return unit.frobeniusSquared * unit
  }
}
