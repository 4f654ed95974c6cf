import Sealing

/// Random numbers from the library's generator, fetched many at a time: a call for each would cost as much as a small job.
struct RandomReserve: RandomNumberGenerator {
  private static let size = 512
  private var reserve: [UInt8] = []

  mutating func next() -> UInt64 {
    bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Some bytes, at most 512.
  mutating func bytes(_ count: Int) -> ArraySlice<UInt8> {
    if reserve.count < count { refill() }
    let taken = reserve.suffix(count)
    reserve.removeLast(min(count, reserve.count))
    return taken
  }

  private mutating func refill() {
    do throws(SealingError) {
      reserve = try SecureRandom.bytes(Self.size)
    } catch {
      // The system's own numbers are as good; the library only hands out more at a time.
      var system = SystemRandomNumberGenerator()
      reserve = (0..<Self.size).map { _ in UInt8.random(in: .min ... .max, using: &system) }
    }
  }
}
