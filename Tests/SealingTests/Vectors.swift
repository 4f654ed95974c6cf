import Sealing

/// The bytes of a vector as the standards print them: hexadecimal, perhaps with spaces.
func hex(_ text: String) -> [UInt8] {
  do {
    return try Hex.decode(text.filter { !$0.isWhitespace })
  } catch {
    fatalError("the vector is mistyped: \(error)")
  }
}

func secret(_ text: String) -> SecretBytes { SecretBytes(copying: hex(text)) }

extension SecretBytes {
  /// The octets, for comparison with a vector.
  var revealed: [UInt8] { withBytes { $0.withUnsafeBufferPointer { Array($0) } } }
}
