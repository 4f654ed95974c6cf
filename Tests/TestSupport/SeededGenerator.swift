import Foundation

/// A random number generator that repeats: SplitMix64 (Steele, Lea, Flood 2014). Not for secrets.
///
/// Put the generator into the comment of each expectation (`#expect(ok, "\(generator)")`), so that a failure names the
/// seed that repeats it.
public struct SeededGenerator: RandomNumberGenerator, Sendable, CustomStringConvertible {
  /// What it started from.
  public let seed: UInt64
  private var state: UInt64

  /// Starts from `seed`.
  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// Starts from the environment's WC_SEED, or from a random seed when there is none.
  public init() {
    let given = ProcessInfo.processInfo.environment["WC_SEED"].flatMap { UInt64($0) }
    self.init(seed: given ?? UInt64.random(in: 0...UInt64.max))
  }

  /// The setting that repeats the run.
  public var description: String { "WC_SEED=\(seed)" }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// `count` random bytes.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// `bytes` with one to `changes` random changes: a byte altered, added, removed, doubled, or the end cut off.
  public mutating func mutate(_ bytes: [UInt8], changes: Int = 4) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...max(1, changes), using: &self) {
      let place = result.isEmpty ? 0 : Int.random(in: 0..<result.count, using: &self)
      let byte = UInt8(truncatingIfNeeded: next())
      switch Int.random(in: 0..<6, using: &self) {
      case 0 where !result.isEmpty: result[place] = byte
      case 1 where !result.isEmpty: result[place] ^= 1 << (byte & 7)
      case 2 where !result.isEmpty: result.remove(at: place)
      case 3 where !result.isEmpty: result.removeSubrange(place...)
      case 4 where !result.isEmpty:
        let end = min(result.count, place + 1 + Int(byte & 15))
        result.insert(contentsOf: result[place..<end], at: place)
      default: result.insert(byte, at: place)
      }
    }
    return result
  }
}

/// Whether long runs were asked for (`scripts/test --long`, WC_LONG=1).
public var isLongRun: Bool { ProcessInfo.processInfo.environment["WC_LONG"] == "1" }
