/// Reads little-endian numbers from a part of a file and never past its end.
struct BinaryReader {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int
  private let file: String
  private let part: String

  init(_ bytes: [UInt8], _ range: Range<Int>, file: String, part: String) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.file = file
    self.part = part
  }

  /// Bytes that have not been read.
  var remaining: Int { end - position }

  /// The error that names file and part.
  func malformed(_ detail: String) -> ProofsError { .malformedFile(kind: file, detail: "\(part): \(detail)") }

  mutating func skip(_ count: Int) throws(ProofsError) { _ = try take(count) }

  mutating func uint32() throws(ProofsError) -> UInt32 { try integer() }

  mutating func uint64() throws(ProofsError) -> UInt64 { try integer() }

  /// A count that is bounded by what the rest of the part can hold.
  mutating func count(atMost limit: Int) throws(ProofsError) -> Int {
    let value = Int(try uint32())
    guard value <= limit else { throw malformed("a count of \(value), at most \(limit) fit") }
    return value
  }

  /// The next `count` bytes as a range, skipped here.
  mutating func range(of count: UInt64) throws(ProofsError) -> Range<Int> {
    guard count <= UInt64(remaining) else {
      throw malformed("a section of \(count) bytes, but \(remaining) are left; the file is cut")
    }
    return try take(Int(count))
  }

  /// 32 bytes as they are.
  mutating func limbs() throws(ProofsError) -> Limbs {
    let start = try take(32).lowerBound
    return bytes.withUnsafeBytes { memory in
      // `take` made sure of all 32 bytes.
      (
        UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
        UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)),
        UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: start + 16, as: UInt64.self)),
        UInt64(littleEndian: memory.loadUnaligned(fromByteOffset: start + 24, as: UInt64.self))
      )
    }
  }

  /// A number of a field, written as it is.
  mutating func canonical<P: PrimeParameters>(_ field: Mont<P>.Type = Mont<P>.self) throws(ProofsError) -> Mont<P> {
    try Mont(canonicalLimbs: try limbs())
  }

  /// A number of a field, written in Montgomery form.
  mutating func montgomery<P: PrimeParameters>(_ field: Mont<P>.Type = Mont<P>.self) throws(ProofsError) -> Mont<P> {
    let limbs = try limbs()
    guard Mont<P>.isCanonical(limbs) else { throw .notCanonical }
    return Mont(montgomery: limbs)
  }

  /// Refuses a file over another field.
  ///
  /// - Throws: `wrongCurve`.
  mutating func prime<P: PrimeParameters>(_ field: Mont<P>.Type) throws(ProofsError) {
    let size = try uint32()
    guard size == 32, try limbs() == (P.modulus0, P.modulus1, P.modulus2, P.modulus3) else {
      throw .wrongCurve(kind: file)
    }
  }

  private mutating func integer<I: FixedWidthInteger>() throws(ProofsError) -> I {
    try take(I.bitWidth / 8).reversed().reduce(0) { $0 << 8 | I(truncatingIfNeeded: bytes[$1]) }
  }

  private mutating func take(_ count: Int) throws(ProofsError) -> Range<Int> {
    guard count >= 0, count <= remaining else {
      throw malformed("\(count) bytes expected, but \(remaining) are left; the file is cut")
    }
    position += count
    return (position - count)..<position
  }
}
