import Jobs
import RedisWire
import Transport

/// Hands the changes of jobs to all who look on: one Redis subscription a process and queue, however many streams are open.
///
/// A listener that does not keep up loses its stream, not the process its memory. Queues are heard for a while after the last
/// listener has left, so that one who comes back soon can be told what it missed.
@EventLoop
final class EventHub {
  /// One stream's place in the hub.
  final class Listener {
    /// Rings when something was added, its queues are heard, or all is over.
    let bell = WakeSignal()
    /// Whose changes are wanted.
    let queues: Set<QueueName>
    fileprivate let jobID: JobID?
    fileprivate(set) var isOver = false
    /// Whether changes were lost.
    fileprivate var isBehind = false
    fileprivate var pending: [EventRing.Entry] = []

    fileprivate init(queues: Set<QueueName>, jobID: JobID?) {
      self.queues = queues
      self.jobID = jobID
    }

    /// Whether changes were lost since the last call.
    func noticeReset() -> Bool {
      defer { isBehind = false }
      return isBehind
    }

    /// Takes what has come since the last call.
    func take() -> [EventRing.Entry] {
      defer { pending = [] }
      return pending
    }
  }

  /// Changes that wait for a slow listener.
  static let mostPending = 1024

  private let watch: JobWatch
  private let linger: Duration
  private let epoch = UInt64.random(in: .min ... .max)
  private var ring = EventRing()
  private var listeners: [ObjectIdentifier: Listener] = [:]
  private var subscriptions: [QueueName: RedisSubscription] = [:]
  private var departures: [QueueName: LoopTimer] = [:]
  private var isClosed = false

  /// A hub over the connection of the long polls.
  ///
  /// - Parameter linger: how long a queue is heard after its last listener has left.
  init(_ watch: JobWatch, linger: Duration = .seconds(60)) {
    self.watch = watch
    self.linger = linger
    watch.onReset = { [weak self] in self?.connectionWasReset() }
  }

  /// How many look on.
  var count: Int { listeners.count }

  /// Where the process is now.
  var position: EventPosition { position(ring.last) }

  /// The place of a change.
  func position(_ number: UInt64) -> EventPosition { EventPosition(epoch: epoch, number: number) }

  /// All changes of a listener's queues after a position; nil when some may be missing.
  func changes(after position: EventPosition, for listener: Listener) -> [EventRing.Entry]? {
    guard position.epoch == epoch else { return nil }
    let all = ring.changes(after: position.number, of: listener.queues)
    return listener.jobID.map { id in all?.filter { $0.event.id == id } } ?? all
  }

  /// Ends every stream, now and from now on.
  func end() {
    isClosed = true
    for timer in departures.values { timer.cancel() }
    departures = [:]
    for listener in listeners.values {
      listener.isOver = true
      listener.bell.raise()
    }
  }

  /// Begins to look on; `leave` ends it.
  ///
  /// - Parameters:
  ///   - queues: whose changes are wanted.
  ///   - jobID: only those of this job.
  func enter(_ queues: [QueueName], jobID: JobID? = nil) -> Listener {
    let listener = Listener(queues: Set(queues), jobID: jobID)
    listener.isOver = isClosed
    listeners[ObjectIdentifier(listener)] = listener
    for queue in listener.queues {
      departures.removeValue(forKey: queue)?.cancel()
      if subscriptions[queue] == nil { subscribe(to: queue) }
    }
    return listener
  }

  /// Waits until all queues of a listener are heard, at most `limit`.
  func wait(for listener: Listener, upTo limit: Duration) async {
    var isLate = false
    let deadline = EventLoop.after(limit) {
      isLate = true
      listener.bell.raise()
    }
    defer { deadline.cancel() }
    while !isLate, !listener.isOver, !Task.isCancelled {
      let seen = listener.bell.generation
      if listener.queues.allSatisfy(ring.isHearing) { return }
      await listener.bell.wait(after: seen)
    }
  }

  /// Ends looking on; a queue that nobody looks at is heard for a while yet.
  func leave(_ listener: Listener) {
    listeners[ObjectIdentifier(listener)] = nil
    for queue in listener.queues where !isWanted(queue) {
      let timer = LoopTimer { [weak self] in self?.unsubscribe(from: queue) }
      departures[queue] = timer
      if isClosed { unsubscribe(from: queue) } else { timer.schedule(after: linger) }
    }
  }

  private func isWanted(_ queue: QueueName) -> Bool { listeners.values.contains { $0.queues.contains(queue) } }

  private func subscribe(to queue: QueueName) {
    subscriptions[queue] = watch.listen(
      to: queue, onReady: { [weak self] in self?.subscribed(to: queue) },
      onMessage: { [weak self] in self?.received($0) })
  }

  private func subscribed(to queue: QueueName) {
    guard subscriptions[queue] != nil else { return }
    ring.begin(queue)
    for listener in listeners.values where listener.queues.contains(queue) { listener.bell.raise() }
  }

  private func unsubscribe(from queue: QueueName) {
    departures[queue] = nil
    guard !isWanted(queue), let subscription = subscriptions.removeValue(forKey: queue) else { return }
    ring.end(queue)
    watch.stopListening(subscription)
  }

  private func received(_ message: [UInt8]) {
    let events = QueueEvents.parse(message)
    guard let queue = events.first?.id.queue else { return }
    let entries = ring.add(events)
    for listener in listeners.values where listener.queues.contains(queue) {
      let wanted = listener.jobID.map { id in entries.filter { $0.event.id == id } } ?? entries
      if wanted.isEmpty { continue }
      if listener.pending.count + wanted.count > Self.mostPending {
        // It comes back with the id of what it has read, and is told the rest.
        listener.pending = []
        listener.isOver = true
      } else {
        listener.pending += wanted
      }
      listener.bell.raise()
    }
  }

  /// Changes of the time without a connection are lost: who looks on reads again.
  private func connectionWasReset() {
    ring.interrupt()
    for listener in listeners.values {
      listener.isBehind = true
      listener.bell.raise()
    }
  }
}
