import CLinux
import Glibc

/// What is to be known of the machine.
enum Machine {
  /// The host's name, in characters that keys and logs bear.
  static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "host" }
    let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let kept = bytes.filter { byte in
      (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
    }
    return kept.isEmpty ? "host" : String(decoding: kept.prefix(64), as: UTF8.self)
  }

  /// Gives large blocks back to the system as soon as they are freed. By default the C library keeps more and more of
  /// them for the next time: an idle worker would hold what a proof, or the survey of its keys, needed for a moment.
  static func keepLittleMemory() { mallopt(M_MMAP_THRESHOLD, 128 << 10) }
}
