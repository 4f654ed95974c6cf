/// A number of a prime field, held in Montgomery form: the limbs are value * 2^256 mod modulus, always reduced.
///
/// Additions, subtractions and products take the same steps for every value; `power` does not hide its exponent, and
/// reading and writing numbers hides nothing. All arithmetic lives in this module, where the compiler specialises it.
public struct Mont<P: PrimeParameters>: Sendable, Hashable {
  @usableFromInline var limb0: UInt64
  @usableFromInline var limb1: UInt64
  @usableFromInline var limb2: UInt64
  @usableFromInline var limb3: UInt64

  /// Takes limbs that are in Montgomery form and reduced already.
  @inline(__always)
  init(montgomery limbs: Limbs) {
    (limb0, limb1, limb2, limb3) = limbs
  }

  /// The limbs as they are held, in Montgomery form: the representation of proving key files.
  @inline(__always)
  var montgomeryLimbs: Limbs { (limb0, limb1, limb2, limb3) }

  /// 0.
  @inline(__always)
  public static var zero: Self { Self(montgomery: (0, 0, 0, 0)) }

  /// 1.
  @inline(__always)
  public static var one: Self { Self(montgomery: P.radix) }

  /// A small number.
  @inline(__always)
  public init(_ value: UInt64) {
    self = Self(montgomery: (value, 0, 0, 0)) * Self(montgomery: P.radixSquared)
  }

  /// Whether the number is 0.
  @inline(__always)
  public var isZero: Bool { limb0 | limb1 | limb2 | limb3 == 0 }
}

extension Mont: ExpressibleByIntegerLiteral {
  /// A small number.
  public init(integerLiteral value: UInt64) { self.init(value) }
}

extension Mont: CustomStringConvertible, CustomReflectable {
  /// The name of the field alone: a number may be a witness. `decimal` gives the digits.
  public var description: String { "\(P.name)(redacted)" }

  /// Empty, so that `dump` has nothing to show.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
