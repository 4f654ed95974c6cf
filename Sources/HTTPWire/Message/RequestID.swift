internal import Synchronization

/// What names one request in logs, problems and the `X-Request-Id` field.
public enum RequestID: Sendable, Hashable, CustomStringConvertible {
  /// Made here; sixteen hexadecimal digits on the wire.
  case minted(UInt64)
  /// Sent by the caller: 1 to 128 bytes of visible ASCII.
  case given([UInt8])

  private static let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))

  /// Makes an id that no other request of this process has; two processes meet with a chance of 2^-64 a pair.
  public static func mint() -> RequestID {
    // SplitMix64's finalizer is a bijection: different counts give different ids that do not look alike.
    var mixed = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return .minted(mixed ^ (mixed >> 31))
  }

  /// Takes the caller's id when it is 1 to 128 bytes of visible ASCII, else nil.
  public init?(given bytes: Span<UInt8>) {
    guard (1...128).contains(bytes.count) else { return nil }
    for index in bytes.indices where bytes[index] <= 32 || bytes[index] >= 127 { return nil }
    self = .given(bytes.withUnsafeBufferPointer { Array($0) })
  }

  /// The bytes on the wire.
  public var bytes: [UInt8] {
    switch self {
    case .given(let bytes):
      return bytes
    case .minted(let value):
      return [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
        for index in 0..<16 {
          let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - index * 4)) & 15
          buffer[index] = digit < 10 ? digit + 48 : digit + 87
        }
        count = 16
      }
    }
  }

  /// The text on the wire.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
