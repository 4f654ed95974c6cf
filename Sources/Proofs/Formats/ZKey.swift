/// `.zkey` files of snarkjs for Groth16 over BN254: proving keys.
///
/// Points are affine in Montgomery form, (0, 0) is infinity; coefficients are values times 2^512.
public enum ZKey {
  enum Section {
    static let format: UInt32 = 1
    static let header: UInt32 = 2
    static let inputs: UInt32 = 3
    static let coefficients: UInt32 = 4
    static let a: UInt32 = 5
    static let b1: UInt32 = 6
    static let b2: UInt32 = 7
    static let c: UInt32 = 8
    static let h: UInt32 = 9
    static let contributions: UInt32 = 10
    /// Ours: the text `insecure-dev`. Other tools pass over sections that they do not know.
    static let development: UInt32 = 1000
  }

  static let developmentMark = Array("insecure-dev".utf8)
  static let groth16: UInt32 = 1

  /// Whether the key was made by a single party for development: it carries our mark, or no contribution of a ceremony.
  ///
  /// - Throws: `malformedFile`.
  public static func isDevelopment(_ bytes: [UInt8]) throws(ProofsError) -> Bool {
    let file = try BinarySections(.zkey, bytes)
    if file.has(Section.development) || !file.has(Section.contributions) { return true }
    var contributions = try file.reader(Section.contributions)
    // The hash of the circuit comes first.
    try contributions.skip(64)
    return try contributions.uint32() == 0
  }

  /// Reads the verifying key alone and checks its points.
  ///
  /// - Throws: `malformedFile`, `unsupportedProtocol`, `wrongCurve`, `notCanonical`, `tooManyPublicSignals`, `invalidPoint`.
  public static func verifyingKey(_ bytes: [UInt8]) throws(ProofsError) -> VerifyingKey {
    let file = try BinarySections(.zkey, bytes)
    return try ZKeyHeader(file).verifyingKey(file)
  }

  /// Reads a proving key and checks every number and every point.
  ///
  /// - Throws: as `verifyingKey`; `domainTooLarge`; `stopped`, asked for every few milliseconds while points are checked.
  /// - Complexity: linear; a point of G2 costs some 50 us, so that a million wires take a minute.
  public static func provingKey(
    _ bytes: [UInt8], shouldStop: () -> Bool = { false }
  ) throws(ProofsError) -> ProvingKey {
    let file = try BinarySections(.zkey, bytes)
    let header = try ZKeyHeader(file)
    // The header's counts are believed only after the lists have shown them: nothing is allocated on its word alone.
    for (id, count, size) in [
      (Section.a, header.wireCount, 64), (Section.b1, header.wireCount, 64), (Section.b2, header.wireCount, 128),
      (Section.h, header.domainSize, 64),
    ] { _ = try file.reader(id, count: count, of: size) }
    let (left, right) = try coefficients(file, header)
    let privateCount = header.wireCount - header.publicCount - 1
    return ProvingKey(
      verifyingKey: try header.verifyingKey(file), betaG1: header.betaG1, deltaG1: header.deltaG1,
      wireCount: header.wireCount, domainSize: header.domainSize, left: left, right: right,
      a: try g1(file, Section.a, header.wireCount, shouldStop),
      b1: try g1(file, Section.b1, header.wireCount, shouldStop),
      b2: try g2(file, Section.b2, header.wireCount, shouldStop),
      c: try g1(file, Section.c, privateCount, shouldStop),
      h: try g1(file, Section.h, header.domainSize, shouldStop))
  }

  private static func g1(
    _ file: BinarySections, _ id: UInt32, _ count: Int, _ shouldStop: () -> Bool
  ) throws(ProofsError) -> [G1Point] {
    var reader = try file.reader(id, count: count, of: 64)
    var points: [G1Point] = []
    points.reserveCapacity(count)
    for index in 0..<count {
      if index % 1024 == 0, shouldStop() { throw .stopped }
      let point = try reader.g1()
      guard point.isOnCurve else { throw .invalidPoint("section \(id)[\(index)]", .pointNotOnCurve) }
      points.append(point)
    }
    return points
  }

  private static func g2(
    _ file: BinarySections, _ id: UInt32, _ count: Int, _ shouldStop: () -> Bool
  ) throws(ProofsError) -> [G2Point] {
    var reader = try file.reader(id, count: count, of: 128)
    var points: [G2Point] = []
    points.reserveCapacity(count)
    for index in 0..<count {
      if index % 64 == 0, shouldStop() { throw .stopped }
      let point = try reader.g2()
      guard point.isOnCurve else { throw .invalidPoint("section \(id)[\(index)]", .pointNotOnCurve) }
      guard point.isInSubgroup else { throw .invalidPoint("section \(id)[\(index)]", .pointNotInSubgroup) }
      points.append(point)
    }
    return points
  }

  /// The left and right sides of the constraints; the file may have their entries in any order.
  private static func coefficients(
    _ file: BinarySections, _ header: ZKeyHeader
  ) throws(ProofsError) -> (SparseMatrix, SparseMatrix) {
    var reader = try file.reader(Section.coefficients)
    let count = Int(try reader.uint32())
    guard reader.remaining % 44 == 0, reader.remaining / 44 == count else {
      throw reader.malformed("\(count) coefficients do not fill the section")
    }
    var rows: [[[SparseMatrix.Entry]]] = [[], []]
    for _ in 0..<count {
      let side = Int(try reader.uint32())
      let row = Int(try reader.uint32())
      let wire = Int(try reader.uint32())
      guard side < 2, row < header.domainSize, wire < header.wireCount else {
        throw reader.malformed("a coefficient of side \(side), constraint \(row), wire \(wire) has no place")
      }
      // The file's value is 2^256 times our form of it.
      let value: Fr = try reader.montgomery() * Fr(montgomery: (1, 0, 0, 0))
      while rows[side].count <= row { rows[side].append([]) }
      rows[side][row].append(.init(wire: Int32(truncatingIfNeeded: wire), coefficient: value))
    }
    let rowCount = max(rows[0].count, rows[1].count)
    return (matrix(rows[0], rowCount), matrix(rows[1], rowCount))
  }

  /// The matrix of these rows, and empty ones after them.
  private static func matrix(_ rows: [[SparseMatrix.Entry]], _ rowCount: Int) -> SparseMatrix {
    var matrix = SparseMatrix()
    for row in 0..<rowCount { matrix.append(row < rows.count ? rows[row] : []) }
    return matrix
  }
}

extension BinaryReader {
  /// A point of G1; whether it is on the curve is not looked at.
  mutating func g1() throws(ProofsError) -> G1Point { Affine(uncheckedX: try montgomery(), y: try montgomery()) }

  /// A point of the twist; whether it is there, and in the group, is not looked at.
  mutating func g2() throws(ProofsError) -> G2Point {
    let x = Fp2(try montgomery(), try montgomery())
    return Affine(uncheckedX: x, y: Fp2(try montgomery(), try montgomery()))
  }
}
