/// Sizes as people write them in settings: `1000`, `512KiB`, `1MiB`, `2GB`.
public enum ByteSizeText {
  /// What is expected, for messages.
  public static let expected = "bytes as a whole number, or with KiB, MiB, GiB (kB, MB, GB for powers of 1000)"

  private static let units: [(name: String, bytes: Int)] = [
    ("", 1), ("B", 1), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000),
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
  ]

  /// Reads a size; nil when the unit is unknown, there is a fraction or a sign, or it does not fit in 63 bits.
  public static func parse(_ text: String) -> Int? {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let unit = text[digits.endIndex...]
    guard !digits.isEmpty, let count = Int(text[..<digits.endIndex]),
      let scale = units.first(where: { $0.name == unit })
    else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: scale.bytes)
    return overflow ? nil : bytes
  }

  /// The text with the greatest binary unit that divides `bytes`.
  public static func text(_ bytes: Int) -> String {
    let unit = units.last { $0.name.hasSuffix("iB") && bytes >= $0.bytes && bytes % $0.bytes == 0 }
    guard let unit else { return String(bytes) }
    return "\(bytes / unit.bytes)\(unit.name)"
  }
}
