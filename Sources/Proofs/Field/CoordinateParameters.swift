/// The base field of BN254 (alt_bn128): coordinates of its points are numbers of it.
public enum CoordinateParameters: PrimeParameters {
  /// `Fp`.
  public static var name: String { "Fp" }
  /// Limb 0 of p.
  @inline(__always) public static var modulus0: UInt64 { 0x3c20_8c16_d87c_fd47 }
  /// Limb 1 of p.
  @inline(__always) public static var modulus1: UInt64 { 0x9781_6a91_6871_ca8d }
  /// Limb 2 of p.
  @inline(__always) public static var modulus2: UInt64 { 0xb850_45b6_8181_585d }
  /// Limb 3 of p.
  @inline(__always) public static var modulus3: UInt64 { 0x3064_4e72_e131_a029 }
  /// -p^-1 mod 2^64.
  @inline(__always) public static var negatedInverse: UInt64 { 0x87d2_0782_e486_6389 }
  /// 2^256 mod p.
  @inline(__always) public static var radix: Limbs {
    (0xd35d_438d_c58f_0d9d, 0x0a78_eb28_f5c7_0b3d, 0x666e_a36f_7879_462c, 0x0e0a_77c1_9a07_df2f)
  }
  /// 2^512 mod p.
  @inline(__always) public static var radixSquared: Limbs {
    (0xf32c_fc5b_538a_fa89, 0xb5e7_1911_d445_01fb, 0x47ab_1eff_0a41_7ff6, 0x06d8_9f71_cab8_351f)
  }
}

/// A number of the base field of BN254.
public typealias Fp = Mont<CoordinateParameters>
