import HTTPWire
import Service
import Transport

/// Blocks an address for a while that sends wrong tokens again and again.
///
/// The counts are in Redis; a producer learns of a block with its next wrong token from there, and remembers it.
@EventLoop
final class GuessGuard {
  /// The most blocked addresses that are remembered here; beyond them only the counts in Redis know.
  static let mostRemembered = 10_000

  private let settings: LimitSettings
  private let counts: SharedCounts
  private let blocks: Counter
  private let log: Logger
  /// When the block of an address ends, in monotonic nanoseconds.
  private var ends: [String: Int64] = [:]

  nonisolated init(_ settings: LimitSettings, counts: SharedCounts, blocks: Counter, log: Logger) {
    self.settings = settings
    self.counts = counts
    self.blocks = blocks
    self.log = log
  }

  /// The refusal of a request from a blocked address, whatever its token; nil for any other.
  func answer(_ request: HTTPRequest) -> HTTPResponse? {
    if ends.isEmpty { return nil }
    let address = CallerAddress.network(of: request.peer)
    guard let end = ends[address] else { return nil }
    let left = end - MonotonicClock.nowNanoseconds()
    guard left > 0 else {
      ends[address] = nil
      return nil
    }
    return Problem(
      .tooManyRequests, "address-blocked", "Too many wrong tokens came from this address",
      detail: "Send no more of them, and try again after Retry-After.",
      headers: ["Retry-After": String((left + 999_999_999) / 1_000_000_000)]
    ).response(instance: request.path, requestID: request.id)
  }

  /// Counts a wrong token.
  func note(_ request: HTTPRequest) {
    guard let rate = settings.guesses else { return }
    let address = CallerAddress.network(of: request.peer)
    EventLoop.spawn {
      guard let block = await self.counts.count(guessFrom: address, rate, blocking: self.settings.blockTime),
        block.remainingMs > 0
      else { return }
      self.remember(address, block)
    }
  }

  private func remember(_ address: String, _ block: SharedCounts.Block) {
    let now = MonotonicClock.nowNanoseconds()
    if ends.count >= Self.mostRemembered { ends = ends.filter { $0.value > now } }
    if ends.count < Self.mostRemembered {
      ends[address] = now + min(block.remainingMs, 86_400_000) * 1_000_000
    }
    guard block.isNew else { return }
    blocks.increment()
    log.warning("an address is blocked after too many wrong tokens", [.string("address", address)])
  }
}
