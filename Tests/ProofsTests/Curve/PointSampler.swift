import TestSupport

@testable import Proofs

/// Random points of order r, and other coordinates of them, the same for a seed everywhere.
struct PointSampler<F: CurveField>: CustomStringConvertible {
  var scalars = FieldSampler<ScalarParameters>()

  /// The setting that repeats the run.
  var description: String { "\(scalars)" }

  /// A point other than infinity: the generator times a random number.
  mutating func next() -> Affine<F> { Jacobian(Affine<F>.generator).multiplied(by: scalars.next()).affine }

  /// The same point by coordinates whose z is not 1.
  mutating func shifted(_ point: Affine<F>) -> Jacobian<F> {
    // Of the whole field: x of G2's generator has a part with u.
    let number = Fp(scalars.generator.next()) * Fp(scalars.generator.next())
    let z = F.curveGenerator.x.scaled(by: number) + .one
    return Jacobian(x: point.x * z.squared, y: point.y * z.squared * z, z: z)
  }
}

/// Runs a test of any field for both groups.
func inBothGroups(_ isG1: Bool, _ g1: () throws -> Void, _ g2: () throws -> Void) rethrows {
  if isG1 { try g1() } else { try g2() }
}
