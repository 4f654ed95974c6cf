/// The environment variables that the process was started with.
public enum Environment {
  /// All of them, from /proc/self/environ: what later calls of setenv(3) changed is not in it, and no other thread can
  /// change it under the reader.
  ///
  /// - Throws: when /proc is not mounted.
  public static func current() throws(FileBytes.Failure) -> [String: String] {
    parse(try FileBytes.read("/proc/self/environ", limit: 16 << 20))
  }

  /// `NAME=value` entries that end in NUL; of two with one name the first counts, as for getenv(3).
  static func parse(_ bytes: [UInt8]) -> [String: String] {
    var variables: [String: String] = [:]
    for entry in bytes.split(separator: 0) {
      guard let equals = entry.firstIndex(of: UInt8(ascii: "=")), equals > entry.startIndex else { continue }
      let name = String(decoding: entry[..<equals], as: UTF8.self)
      if variables[name] == nil { variables[name] = String(decoding: entry[(equals + 1)...], as: UTF8.self) }
    }
    return variables
  }
}
