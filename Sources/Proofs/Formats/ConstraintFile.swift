/// `.r1cs` files, version 1: constraints for other tools' setups.
public enum ConstraintFile {
  /// The file of these constraints.
  public static func bytes(_ system: ConstraintSystem) -> [UInt8] {
    var header: [UInt8] = []
    header.append(prime: Fr.self)
    for count in [
      system.wireCount, system.outputCount, system.publicCount - system.outputCount,
      system.wireCount - system.publicCount - 1,
    ] { header.append(littleEndian: UInt32(truncatingIfNeeded: count)) }
    header.append(littleEndian: UInt64(system.wireCount))
    header.append(littleEndian: UInt32(truncatingIfNeeded: system.constraintCount))
    var constraints: [UInt8] = []
    for row in 0..<system.constraintCount {
      for side in [system.left[row], system.right[row], system.output[row]] {
        constraints.append(littleEndian: UInt32(truncatingIfNeeded: side.count))
        for entry in side {
          constraints.append(littleEndian: entry.wire)
          constraints.append(entry.coefficient.canonicalLimbs)
        }
      }
    }
    var labels: [UInt8] = []
    for wire in 0..<system.wireCount { labels.append(littleEndian: UInt64(wire)) }
    return BinarySections.file(.r1cs, [(1, header), (2, constraints), (3, labels)])
  }
}
