/// The container of iden3's binary files: four letters, a version, and numbered sections with their sizes.
///
/// `.zkey`, `.wtns` and `.r1cs` are of this form; numbers are little-endian.
struct BinarySections {
  /// The four letters of each kind of file, with its version.
  enum Kind: String {
    case zkey
    case wtns
    case r1cs

    var version: UInt32 { self == .wtns ? 2 : 1 }
  }

  private let kind: Kind
  private let bytes: [UInt8]
  private var ranges: [UInt32: Range<Int>] = [:]

  /// Sections that a file may have; more than any has.
  private static let maximumCount = 64

  /// Finds the sections of a file; what is in them is not looked at.
  ///
  /// - Throws: `malformedFile` for other letters, another version, a section that ends after the file or stands there twice.
  init(_ kind: Kind, _ bytes: [UInt8]) throws(ProofsError) {
    self.kind = kind
    self.bytes = bytes
    var reader = BinaryReader(bytes, 0..<bytes.count, file: kind.rawValue, part: "the header")
    guard bytes.count >= 12, Array(bytes[..<4]) == Array(kind.rawValue.utf8) else {
      throw reader.malformed("it does not begin with \"\(kind.rawValue)\": another kind of file")
    }
    try reader.skip(4)
    let version = try reader.uint32()
    guard version == kind.version else { throw reader.malformed("version \(version), expected \(kind.version)") }
    let count = try reader.uint32()
    guard count <= Self.maximumCount else {
      throw reader.malformed("\(count) sections, expected at most \(Self.maximumCount)")
    }
    for _ in 0..<count {
      let id = try reader.uint32()
      let range = try reader.range(of: try reader.uint64())
      guard ranges.updateValue(range, forKey: id) == nil else { throw reader.malformed("section \(id) is there twice") }
    }
  }

  /// Whether there is such a section.
  func has(_ id: UInt32) -> Bool { ranges[id] != nil }

  /// A reader of a section.
  ///
  /// - Throws: `malformedFile` when it is missing.
  func reader(_ id: UInt32) throws(ProofsError) -> BinaryReader {
    guard let range = ranges[id] else {
      throw .malformedFile(kind: kind.rawValue, detail: "section \(id) is missing; the file is cut or of another tool")
    }
    return BinaryReader(bytes, range, file: kind.rawValue, part: "section \(id)")
  }

  /// A reader of a section that must hold exactly `count` elements of `size` bytes.
  ///
  /// - Throws: `malformedFile` when it is missing or has another size.
  func reader(_ id: UInt32, count: Int, of size: Int) throws(ProofsError) -> BinaryReader {
    let reader = try reader(id)
    let (expected, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, reader.remaining == expected else {
      throw reader.malformed("\(reader.remaining) bytes, expected \(count) elements of \(size)")
    }
    return reader
  }

  /// The bytes of a file with these sections.
  static func file(_ kind: Kind, _ sections: [(id: UInt32, content: [UInt8])]) -> [UInt8] {
    var bytes = Array(kind.rawValue.utf8)
    bytes.reserveCapacity(sections.reduce(12) { $0 + 12 + $1.content.count })
    bytes.append(littleEndian: kind.version)
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: sections.count))
    for section in sections {
      bytes.append(littleEndian: section.id)
      bytes.append(littleEndian: UInt64(section.content.count))
      bytes += section.content
    }
    return bytes
  }
}

extension [UInt8] {
  mutating func append(littleEndian value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  mutating func append(_ limbs: Limbs) {
    append(littleEndian: limbs.0)
    append(littleEndian: limbs.1)
    append(littleEndian: limbs.2)
    append(littleEndian: limbs.3)
  }
}
