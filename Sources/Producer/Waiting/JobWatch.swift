import Jobs
import RedisWire
import Transport

/// Waits for jobs: subscribe, then read the hash, then wait for a hint and read again. The hash is the truth, so a missed
/// hint costs a look and never a result.
///
/// One subscriber serves the whole process; a queue's channel is subscribed to only while somebody waits.
@EventLoop
final class JobWatch {
  /// One waiter's state.
  private final class Waiter {
    let bell = WakeSignal()
    var isOver = false
  }

  private let store: JobStore
  private let reader: BriefReader
  private var subscriber: RedisSubscriber?
  private var room = WaitingRoom()
  private var waiters: [WaitingRoom.Ticket: Waiter] = [:]
  private var subscriptions: [QueueName: RedisSubscription] = [:]
  private var confirmed: Set<QueueName> = []
  private lazy var outage = LoopTimer { [weak self] in self?.wakeAll() }
  /// Whether waits are over before they begin, as the process ends.
  private(set) var isClosed = false

  /// Called after a reconnect: what changed meanwhile was not heard.
  var onReset: (() -> Void)?

  /// Waiters after a loss of Redis look again after this time, and learn that it is away.
  private static let patience = Duration.seconds(1)

  init(store: JobStore, options: RedisOptions) {
    self.store = store
    reader = BriefReader(store)
    subscriber = RedisSubscriber(
      options,
      onReset: { [weak self] in
        self?.wakeAll()
        self?.onReset?()
      },
      onStateChange: { [weak self] state in self?.connectionChanged(state) })
  }

  /// How many wait now.
  var waiting: Int { room.count }

  /// How many queues are listened to now.
  var channels: Int { subscriber?.channelCount ?? 0 }

  /// Connects.
  func start() { subscriber?.start() }

  /// Ends all waits, now and from now on, with the state of the moment.
  func endWaits() {
    isClosed = true
    for waiter in waiters.values { waiter.isOver = true }
    wakeAll()
  }

  /// Disconnects.
  func close() async {
    endWaits()
    await subscriber?.shutdown()
    subscriber = nil
  }

  /// Hears the messages of a queue's channel over the same connection; nil once closed.
  ///
  /// - Parameter onReady: called once, when every message from then on arrives.
  func listen(
    to queue: QueueName, onReady: @escaping @EventLoop () -> Void, onMessage: @escaping @EventLoop ([UInt8]) -> Void
  ) -> RedisSubscription? {
    subscriber?.subscribe(store.keys.queue(queue).events, onReady: onReady, onMessage: onMessage)
  }

  /// Ends hearing them.
  func stopListening(_ subscription: RedisSubscription) { subscriber?.unsubscribe(subscription) }

  /// Waits until `isEnough` says so of the job, at most `duration`; answers the job as it was last, nil when there is none.
  ///
  /// The record has no payload and no result.
  ///
  /// - Throws: when Redis is away, also in the middle of the wait.
  func wait(
    for id: JobID, upTo duration: Duration, _ interest: WaitingRoom.Interest, until isEnough: (JobRecord) -> Bool
  ) async throws(JobError) -> JobRecord? {
    guard let first = try await reader.read(id) else { return nil }
    if isEnough(first) || duration <= .zero || isClosed { return first }
    let waiter = Waiter()
    let ticket = enter(id, interest, waiter)
    let deadline = EventLoop.after(duration) {
      waiter.isOver = true
      waiter.bell.raise()
    }
    defer {
      deadline.cancel()
      leave(ticket)
    }
    // Before the channel is confirmed a look proves nothing; its confirmation rings, and so do deadline, end and outage.
    var proves = confirmed.contains(id.queue)
    while true {
      let seen = waiter.bell.generation
      if proves {
        guard let record = try await reader.read(id) else { return nil }
        if isEnough(record) || waiter.isOver || Task.isCancelled { return record }
      }
      proves = true
      await waiter.bell.wait(after: seen)
    }
  }

  private func enter(_ id: JobID, _ interest: WaitingRoom.Interest, _ waiter: Waiter) -> WaitingRoom.Ticket {
    let (ticket, isFirst) = room.enter(id, interest)
    waiters[ticket] = waiter
    if isFirst { subscribe(to: id.queue) }
    return ticket
  }

  private func leave(_ ticket: WaitingRoom.Ticket) {
    waiters[ticket] = nil
    guard room.leave(ticket) else { return }
    let queue = ticket.id.queue
    confirmed.remove(queue)
    if let subscription = subscriptions.removeValue(forKey: queue) { subscriber?.unsubscribe(subscription) }
  }

  private func subscribe(to queue: QueueName) {
    subscriptions[queue] = subscriber?.subscribe(
      store.keys.queue(queue).events,
      onReady: { [weak self] in self?.subscribed(to: queue) },
      onMessage: { [weak self] message in self?.received(message) })
  }

  private func subscribed(to queue: QueueName) {
    confirmed.insert(queue)
    for (ticket, waiter) in waiters where ticket.id.queue == queue { waiter.bell.raise() }
  }

  private func received(_ message: [UInt8]) {
    for ticket in room.concerned(by: message) { waiters[ticket]?.bell.raise() }
  }

  private func wakeAll() {
    for waiter in waiters.values { waiter.bell.raise() }
  }

  private func connectionChanged(_ state: RedisClientState) {
    switch state {
    case .connected: outage.cancel()
    case .disconnected where !outage.isArmed: outage.schedule(after: Self.patience)
    case .disconnected, .connecting, .closed: break
    }
  }
}
