/// The scalar field of BN254 (alt_bn128): the order r of its groups. Witnesses, hashes and leaves are numbers of it.
public enum ScalarParameters: PrimeParameters {
  /// `Fr`.
  public static var name: String { "Fr" }
  /// Limb 0 of r.
  @inline(__always) public static var modulus0: UInt64 { 0x43e1_f593_f000_0001 }
  /// Limb 1 of r.
  @inline(__always) public static var modulus1: UInt64 { 0x2833_e848_79b9_7091 }
  /// Limb 2 of r.
  @inline(__always) public static var modulus2: UInt64 { 0xb850_45b6_8181_585d }
  /// Limb 3 of r.
  @inline(__always) public static var modulus3: UInt64 { 0x3064_4e72_e131_a029 }
  /// -r^-1 mod 2^64.
  @inline(__always) public static var negatedInverse: UInt64 { 0xc2e1_f593_efff_ffff }
  /// 2^256 mod r.
  @inline(__always) public static var radix: Limbs {
    (0xac96_341c_4fff_fffb, 0x36fc_7695_9f60_cd29, 0x666e_a36f_7879_462e, 0x0e0a_77c1_9a07_df2f)
  }
  /// 2^512 mod r.
  @inline(__always) public static var radixSquared: Limbs {
    (0x1bb8_e645_ae21_6da7, 0x53fe_3ab1_e35c_59e3, 0x8c49_833d_53bb_8085, 0x0216_d0b1_7f4e_44a5)
  }
}

/// A number of the scalar field of BN254.
public typealias Fr = Mont<ScalarParameters>
