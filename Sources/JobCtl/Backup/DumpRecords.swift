/// The file of a backup by scan: a line that names the format, one record a key, an empty record, and the count of records.
///
/// A record is the length of its rest, that of the key, the instant in ms at which the key ends (0: never), the key, and the
/// bytes of `DUMP`, which carry a checksum and the version of their form. Numbers are little-endian: 4, 4 and 8 bytes. The
/// SHA-256 of everything before it closes the file.
enum DumpRecords {
  static let head = Array("WhisperCache dump 1\n".utf8)
  /// The longest key and value that are read, in bytes.
  static let longest = 1 << 30
  static let digestLength = 32

  /// One key.
  struct Record: Sendable, Equatable {
    var key: [UInt8]
    /// When it ends, Unix ms; 0 for never.
    var endMs: UInt64
    var value: [UInt8]

    /// The record as it lies in the file.
    var encoded: [UInt8] {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(16 + key.count + value.count)
      DumpRecords.append(UInt64(12 + key.count + value.count), bytes: 4, to: &bytes)
      DumpRecords.append(UInt64(key.count), bytes: 4, to: &bytes)
      DumpRecords.append(endMs, bytes: 8, to: &bytes)
      return bytes + key + value
    }

    /// Reads the part after the first length; nil when it is none.
    init?(_ bytes: [UInt8]) {
      guard bytes.count > 12 else { return nil }
      let keyCount = Int(DumpRecords.number(bytes[0..<4]))
      guard keyCount < bytes.count - 12 else { return nil }
      endMs = DumpRecords.number(bytes[4..<12])
      key = Array(bytes[12..<12 + keyCount])
      value = Array(bytes[(12 + keyCount)...])
    }

    init(key: [UInt8], endMs: UInt64, value: [UInt8]) {
      self.key = key
      self.endMs = endMs
      self.value = value
    }
  }

  /// What closes the records: an empty one, and how many there were.
  static func end(count: Int64) -> [UInt8] {
    var bytes: [UInt8] = []
    append(0, bytes: 4, to: &bytes)
    append(UInt64(max(0, count)), bytes: 8, to: &bytes)
    return bytes
  }

  static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

  private static func append(_ number: UInt64, bytes count: Int, to bytes: inout [UInt8]) {
    for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place))) }
  }
}
