/// A field that coordinates of points lie in: Fp for G1, Fp2 for G2.
public protocol CurveField: Sendable, Hashable {
  /// 0.
  static var zero: Self { get }
  /// 1.
  static var one: Self { get }
  /// Whether the number is 0.
  var isZero: Bool { get }
  /// Sum.
  static func + (left: Self, right: Self) -> Self
  /// Difference.
  static func - (left: Self, right: Self) -> Self
  /// Product.
  static func * (left: Self, right: Self) -> Self
  /// The number that gives 0 when added.
  static prefix func - (value: Self) -> Self
  /// Product with itself.
  var squared: Self { get }
  /// The number that gives 1 when multiplied; 0 for 0.
  var inverse: Self { get }
  /// Inverts every number in place; 0 stays 0.
  static func invert(_ values: inout [Self])
  /// b of the curve y^2 = x^3 + b over this field.
  static var curveConstant: Self { get }
  /// The generator of the group of order r on that curve.
  static var curveGenerator: Affine<Self> { get }
  /// The number with which the coordinate x is multiplied to multiply a point of order r by `Endomorphism.lambda`.
  static var beta: Fp { get }
  /// Product with a number of Fp.
  func scaled(by factor: Fp) -> Self
}

extension CurveField {
  /// The number added to itself.
  @inline(__always)
  var doubled: Self { self + self }
}

extension Fp: CurveField {
  /// 3: BN254 is y^2 = x^3 + 3.
  public static var curveConstant: Self { 3 }
  /// (1, 2).
  public static var curveGenerator: Affine<Self> { Affine(uncheckedX: 1, y: 2) }

  /// A cube root of one.
  public static let beta = Fp(
    montgomery: (0x7193_0c11_d782_e155, 0xa6bb_947c_ffbe_3323, 0xaa30_3344_d474_1444, 0x2c3b_3f0d_2659_4943))

  /// Product.
  @inline(__always)
  public func scaled(by factor: Fp) -> Self { self * factor }
}

extension Fp2: CurveField {
  /// 3 / (9 + u): the sextic twist of the curve, of type D.
  public static let curveConstant: Self = Fp2(9, 1).inverse * Fp(3)

  /// The square of G1's: the twist turns the other way.
  public static let beta = Fp.beta.squared

  /// Product with a number of Fp.
  @inline(__always)
  public func scaled(by factor: Fp) -> Self { self * factor }

  /// The generator of EIP-197.
  public static let curveGenerator = Affine<Self>(
    uncheckedX: Fp2(
      // Limbs of the coordinates, least significant first, in Montgomery form.
      Fp(montgomery: (0x8e83_b5d1_02bc_2026, 0xdceb_1935_497b_0172, 0xfbb8_2647_9781_1adf, 0x1957_3841_af96_503b)),
      Fp(montgomery: (0xafb4_737d_a84c_6140, 0x6043_dd5a_5802_d8c4, 0x09e9_50fc_52a0_2f86, 0x14fe_f083_3aea_7b6b))),
    y: Fp2(
      Fp(montgomery: (0x619d_fa9d_886b_e9f6, 0xfe7f_d297_f59e_9b78, 0xff9e_1a62_231b_7dfe, 0x28fd_7eeb_ae9e_4206)),
      Fp(montgomery: (0x6409_5b56_c718_56ee, 0xdc57_f922_327d_3cbb, 0x55f9_35be_3335_1076, 0x0da4_a0e6_93fd_6482))))
}
