extension ZKey {
  /// The file of a development key, with its mark and without contributions.
  ///
  /// Every key that this module makes is one: a ceremony's key comes from the ceremony's own tool.
  public static func bytes(_ key: ProvingKey) -> [UInt8] {
    var format: [UInt8] = []
    format.append(littleEndian: groth16)
    let contributions = [UInt8](repeating: 0, count: 64 + 4)
    return BinarySections.file(
      .zkey,
      [
        (Section.format, format), (Section.header, header(key)),
        (Section.inputs, list(key.verifyingKey.inputs)), (Section.coefficients, coefficients(key)),
        (Section.a, list(key.a)), (Section.b1, list(key.b1)), (Section.b2, list(key.b2)), (Section.c, list(key.c)),
        (Section.h, list(key.h)), (Section.contributions, contributions), (Section.development, developmentMark),
      ])
  }

  private static func header(_ key: ProvingKey) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(prime: Fp.self)
    bytes.append(prime: Fr.self)
    for count in [key.wireCount, key.verifyingKey.publicCount, key.domainSize] {
      bytes.append(littleEndian: UInt32(truncatingIfNeeded: count))
    }
    bytes.append(key.verifyingKey.alpha)
    bytes.append(key.betaG1)
    bytes.append(key.verifyingKey.beta)
    bytes.append(key.verifyingKey.gamma)
    bytes.append(key.deltaG1)
    bytes.append(key.verifyingKey.delta)
    return bytes
  }

  private static func coefficients(_ key: ProvingKey) -> [UInt8] {
    var bytes: [UInt8] = []
    let count = key.left.entries.count + key.right.entries.count
    bytes.reserveCapacity(4 + 44 * count)
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: count))
    let toFile = Fr(montgomery: ScalarParameters.radixSquared)
    for (side, matrix) in [key.left, key.right].enumerated() {
      for row in 0..<matrix.rowCount {
        for entry in matrix[row] {
          bytes.append(littleEndian: UInt32(truncatingIfNeeded: side))
          bytes.append(littleEndian: UInt32(truncatingIfNeeded: row))
          bytes.append(littleEndian: entry.wire)
          bytes.append((entry.coefficient * toFile).montgomeryLimbs)
        }
      }
    }
    return bytes
  }

  private static func list(_ points: [G1Point]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 * points.count)
    for point in points { bytes.append(point) }
    return bytes
  }

  private static func list(_ points: [G2Point]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128 * points.count)
    for point in points { bytes.append(point) }
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ point: G1Point) {
    append(point.x.montgomeryLimbs)
    append(point.y.montgomeryLimbs)
  }

  fileprivate mutating func append(_ point: G2Point) {
    for coordinate in [point.x, point.y] {
      append(coordinate.c0.montgomeryLimbs)
      append(coordinate.c1.montgomeryLimbs)
    }
  }
}
