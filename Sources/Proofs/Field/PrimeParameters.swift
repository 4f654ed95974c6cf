/// The constants of a prime field in Montgomery form over four 64-bit limbs, least significant first.
///
/// Literals behind `@inline(__always)` getters, so that the compiler folds them into the specialised arithmetic. The
/// modulus must lie below 2^254, which leaves the carry-free multiplication its room.
public protocol PrimeParameters: Sendable {
  /// The name of the field in errors and tests.
  static var name: String { get }
  /// Limb 0 of the modulus.
  static var modulus0: UInt64 { get }
  /// Limb 1 of the modulus.
  static var modulus1: UInt64 { get }
  /// Limb 2 of the modulus.
  static var modulus2: UInt64 { get }
  /// Limb 3 of the modulus.
  static var modulus3: UInt64 { get }
  /// -modulus^-1 mod 2^64.
  static var negatedInverse: UInt64 { get }
  /// 2^256 mod modulus: the number 1.
  static var radix: Limbs { get }
  /// 2^512 mod modulus: a product with it brings a number into Montgomery form.
  static var radixSquared: Limbs { get }
}

/// A 256-bit number as four 64-bit limbs, least significant first.
public typealias Limbs = (UInt64, UInt64, UInt64, UInt64)
