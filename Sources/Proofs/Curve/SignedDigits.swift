/// How factors of up to 127 bits are cut into windows: digits from -2^(width-1) to 2^(width-1).
struct SignedDigits {
  /// Bits of a window, 1 to 16.
  let width: Int

  /// Windows of a factor; the last one takes the carry.
  var windowCount: Int { 127 / width + 1 }

  /// The number of buckets: digits other than 0 by their magnitude.
  var bucketCount: Int { 1 << (width - 1) }

  /// Calls `digit` with each window and its digit other than 0, from the lowest.
  @inline(__always)
  func forEach(_ half: Endomorphism.Half, _ digit: (Int, Int32) -> Void) {
    var low = half.low
    var high = half.high
    var carry: UInt64 = 0
    var window = 0
    let mask = (1 as UInt64) << UInt64(width) - 1
    let limit = (1 as UInt64) << UInt64(width - 1)
    while low | high | carry != 0 {
      let value = (low & mask) + carry
      low = low >> UInt64(width) | high << UInt64(64 - width)
      high >>= UInt64(width)
      carry = value > limit ? 1 : 0
      let signed = Int32(truncatingIfNeeded: value) - (carry == 1 ? 1 << Int32(width) : 0)
      if signed != 0 { digit(window, half.isNegative ? -signed : signed) }
      window += 1
    }
  }
}
