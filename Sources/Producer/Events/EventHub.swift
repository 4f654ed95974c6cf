import Jobs
import RedisWire
import Transport

/// Hands the changes of jobs to all who look on: one Redis subscription a process and queue, however many streams are open.
///
/// A listener that does not keep up loses its stream, not the process its memory.
@EventLoop
final class EventHub {
  /// One stream's place in the hub.
  final class Listener {
    /// Rings when something was added, or all is over.
    let bell = WakeSignal()
    /// Which changes are wanted; nil for all queues.
    fileprivate let queues: Set<QueueName>?
    fileprivate let jobID: JobID?
    fileprivate(set) var isOver = false
    /// Whether it has lost changes.
    fileprivate var isBehind = false
    fileprivate var pending: [JobEvent] = []

    fileprivate init(queues: Set<QueueName>?, jobID: JobID?) {
      self.queues = queues
      self.jobID = jobID
    }

    /// Whether changes were lost since the last call.
    func noticeReset() -> Bool {
      defer { isBehind = false }
      return isBehind
    }

    /// Takes what has come since the last call.
    func take() -> [JobEvent] {
      defer { pending = [] }
      return pending
    }
  }

  /// Changes that wait for a slow listener.
  static let mostPending = 1024

  private let watch: JobWatch
  private var listeners: [ObjectIdentifier: Listener] = [:]
  private var subscriptions: [QueueName: RedisSubscription] = [:]
  private var isClosed = false

  /// A hub over the connection of the long polls.
  init(_ watch: JobWatch) {
    self.watch = watch
    watch.onReset = { [weak self] in self?.connectionWasReset() }
  }

  /// How many look on.
  var count: Int { listeners.count }

  /// Ends every stream, now and from now on.
  func end() {
    isClosed = true
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
    for queue in queues where subscriptions[queue] == nil {
      subscriptions[queue] = watch.listen(to: queue) { [weak self] in self?.received($0) }
    }
    return listener
  }

  /// Ends looking on; a queue that nobody looks at is no longer subscribed to.
  func leave(_ listener: Listener) {
    listeners[ObjectIdentifier(listener)] = nil
    for queue in listener.queues ?? [] where !listeners.values.contains(where: { $0.queues?.contains(queue) == true }) {
      if let subscription = subscriptions.removeValue(forKey: queue) { watch.stopListening(subscription) }
    }
  }

  private func received(_ message: [UInt8]) {
    let events = QueueEvents.parse(message)
    guard let queue = events.first?.id.queue else { return }
    for listener in listeners.values where listener.queues?.contains(queue) != false {
      let wanted = listener.jobID.map { id in events.filter { $0.id == id } } ?? events
      if wanted.isEmpty { continue }
      if listener.pending.count + wanted.count > Self.mostPending {
        listener.pending = []
        listener.isBehind = true
        listener.isOver = true
      } else {
        listener.pending += wanted
      }
      listener.bell.raise()
    }
  }

  /// Changes of the time without a connection are lost: who looks on reads again.
  private func connectionWasReset() {
    for listener in listeners.values {
      listener.isBehind = true
      listener.bell.raise()
    }
  }
}
