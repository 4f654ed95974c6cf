/// What happens to spans between their end and a receiver: gathered, sent batch by batch, kept through short outages, dropped
/// when there are too many. Pure: each event returns what the caller must do.
public struct SpanBatcher: Sendable {
  /// How much is kept, and how long.
  public struct Limits: Sendable, Hashable {
    /// The most spans that wait; further ones are dropped.
    public var queue = 2048
    /// The most spans of one batch: some 200 kB.
    public var batch = 256
    /// How long a span waits for others, in milliseconds.
    public var delayMs: Int64 = 1000
    /// How often a batch is sent before it is dropped.
    public var attempts = 6
    /// The wait before the second attempt, in milliseconds; doubled for each further one.
    public var backoffMs: Int64 = 1000
    /// The longest of these waits, in milliseconds.
    public var longestBackoffMs: Int64 = 30_000

    /// The default limits.
    public init() {}
  }

  /// Why spans were dropped.
  public enum Loss: String, Sendable, CaseIterable {
    /// Too many waited.
    case full
    /// The receiver did not take them.
    case refused
    /// The receiver did not answer, or asked for patience, for too long.
    case unavailable
  }

  /// What the caller must do.
  public enum Action: Sendable, Hashable {
    /// Nothing.
    case none
    /// Call `wake` after this many milliseconds; it takes the place of an earlier such wish.
    case wake(afterMs: Int64)
    /// Send these and call `answered`; the caller's timer is stopped.
    case send([Span])
    /// Nothing is left and nothing more will be sent.
    case finished
  }

  private enum State {
    /// Nothing waits. Next: `gathering`, `finished`.
    case idle
    /// Spans wait for others until `wake`. Next: `sending`.
    case gathering
    /// A batch is on its way, for the nth time. Next: `idle`, `gathering`, `sending`, `resting`, `finished`.
    case sending([Span], attempt: Int)
    /// A batch waits for its next attempt until `wake`. Next: `sending`.
    case resting([Span], attempt: Int)
    /// Ended by `drain`. Next: none.
    case finished
  }

  /// The longest wait that a receiver may ask for while the process ends, in milliseconds.
  private static let longestDrainWaitMs: Int64 = 1000

  private let limits: Limits
  private var state = State.idle
  private var queue: [Span] = []
  private var isDraining = false
  /// How many spans receivers have taken.
  public private(set) var exported = 0
  /// How many spans were dropped, by reason.
  public private(set) var dropped: [Loss: Int] = [:]

  /// A batcher that has nothing.
  public init(limits: Limits = Limits()) { self.limits = limits }

  /// How many spans wait, without those that are on their way.
  public var waiting: Int { queue.count }

  /// A span has ended.
  ///
  /// - Complexity: O(1).
  public mutating func add(_ span: Span) -> Action {
    if case .finished = state {
      lose(1, .unavailable)
      return .none
    }
    guard queue.count < limits.queue else {
      lose(1, .full)
      return .none
    }
    queue.append(span)
    switch state {
    case .idle:
      if queue.count >= limits.batch || isDraining { return sendNext() }
      state = .gathering
      return .wake(afterMs: limits.delayMs)
    case .gathering: return queue.count >= limits.batch ? sendNext() : .none
    case .sending, .resting, .finished: return .none
    }
  }

  /// The time of the last `.wake` is over; a stale call does nothing.
  public mutating func wake() -> Action {
    switch state {
    case .gathering: return sendNext()
    case .resting(let batch, let attempt):
      state = .sending(batch, attempt: attempt + 1)
      return .send(batch)
    case .idle, .sending, .finished: return .none
    }
  }

  /// The batch that was sent last has its answer; a receiver that could not be reached is `.tryLater(afterMs: nil)`.
  ///
  /// - Parameter jitter: 0 to 1, fresh for each call: the share of the backoff's upper half that is waited.
  public mutating func answered(_ answer: OTLPAnswer, jitter: Double) -> Action {
    guard case .sending(let batch, let attempt) = state else { return .none }
    switch answer {
    case .accepted(let rejected):
      lose(min(rejected, batch.count), .refused)
      exported += batch.count - min(rejected, batch.count)
    case .refused:
      lose(batch.count, .refused)
    case .tryLater(let afterMs):
      if isDraining, afterMs.map({ $0 > Self.longestDrainWaitMs }) ?? true {
        // The process is about to end, and the receiver is away or wants more time than is left.
        lose(batch.count + queue.count, .unavailable)
        queue = []
        return finish()
      }
      if attempt < limits.attempts {
        state = .resting(batch, attempt: attempt)
        return .wake(afterMs: afterMs ?? backoff(after: attempt, jitter))
      }
      lose(batch.count, .unavailable)
    }
    if queue.isEmpty {
      if isDraining { return finish() }
      state = .idle
      return .none
    }
    if isDraining || queue.count >= limits.batch { return sendNext() }
    state = .gathering
    return .wake(afterMs: limits.delayMs)
  }

  /// Sends what is left without waiting, then ends; `finished` comes now or from an `answered`.
  public mutating func drain() -> Action {
    isDraining = true
    switch state {
    case .idle, .gathering: return queue.isEmpty ? finish() : sendNext()
    case .resting: return wake()
    case .sending: return .none
    case .finished: return .finished
    }
  }

  /// Gives up on all that is left; the time for draining is over.
  public mutating func abandon() {
    switch state {
    case .sending(let batch, _), .resting(let batch, _): lose(batch.count, .unavailable)
    case .idle, .gathering, .finished: break
    }
    lose(queue.count, .unavailable)
    queue = []
    state = .finished
  }

  private mutating func sendNext() -> Action {
    let batch = Array(queue.prefix(limits.batch))
    queue.removeFirst(batch.count)
    state = .sending(batch, attempt: 1)
    return .send(batch)
  }

  private mutating func finish() -> Action {
    state = .finished
    return .finished
  }

  private mutating func lose(_ count: Int, _ loss: Loss) {
    if count > 0 { dropped[loss, default: 0] += count }
  }

  private func backoff(after attempt: Int, _ jitter: Double) -> Int64 {
    let doubled = limits.backoffMs << Int64(min(attempt - 1, 16))
    let whole = min(limits.longestBackoffMs, doubled)
    return whole / 2 + Int64(Double(whole - whole / 2) * min(1, max(0, jitter)))
  }
}
