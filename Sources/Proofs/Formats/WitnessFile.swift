/// `.wtns` files, version 2: the values of all wires, as circom's programs write them.
public enum WitnessFile {
  /// Reads the wires.
  ///
  /// - Throws: `malformedFile`, `wrongCurve`, `notCanonical`.
  public static func read(_ bytes: [UInt8]) throws(ProofsError) -> [Fr] {
    let file = try BinarySections(.wtns, bytes)
    var header = try file.reader(1)
    try header.prime(Fr.self)
    let count = Int(try header.uint32())
    var values = try file.reader(2, count: count, of: 32)
    var wires: [Fr] = []
    wires.reserveCapacity(count)
    for _ in 0..<count { wires.append(try values.canonical()) }
    return wires
  }

  /// The file of these wires.
  public static func bytes(_ wires: [Fr]) -> [UInt8] {
    var header: [UInt8] = []
    header.append(prime: Fr.self)
    header.append(littleEndian: UInt32(truncatingIfNeeded: wires.count))
    var values: [UInt8] = []
    values.reserveCapacity(32 * wires.count)
    for wire in wires { values.append(wire.canonicalLimbs) }
    return BinarySections.file(.wtns, [(1, header), (2, values)])
  }
}

extension [UInt8] {
  /// The length of a field's numbers and its modulus.
  mutating func append<P: PrimeParameters>(prime field: Mont<P>.Type) {
    append(littleEndian: 32 as UInt32)
    append((P.modulus0, P.modulus1, P.modulus2, P.modulus3))
  }
}
