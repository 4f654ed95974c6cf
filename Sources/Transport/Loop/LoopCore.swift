import CLinux
import Glibc

/// Whoever owns a file descriptor on the loop and wants its events.
@EventLoop
protocol EventSource: AnyObject {
  /// `events` is a mask of EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP and EPOLLERR.
  func ready(_ events: UInt32)
}

/// What the loop thread keeps: the descriptors it watches, the timers, and what must happen before the tick ends.
@EventLoop
final class LoopCore {
  static let shared = LoopCore()

  /// A watched descriptor. `generation` makes a token of an earlier owner of the slot miss.
  private struct Slot {
    var generation: UInt32 = 0
    var source: (any EventSource)?
  }

  private(set) var now: Int64 = monotonicNanoseconds()
  var onTick: (@EventLoop (Duration) -> Void)?
  var timers = TimerHeap()
  private var epoll: Int32 = -1
  private var slots: [Slot] = []
  private var freeSlots: [Int] = []
  private var deferred: [@EventLoop () -> Void] = []
  private var running: [@EventLoop () -> Void] = []
  private var bell: Bell?
  // Lives as long as the process, like the loop itself.
  private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 256)
  private var arrived = 0

  private init() {}

  func adopt(epoll: Int32) { self.epoll = epoll }

  func watchBell(_ descriptor: Int32) {
    let bell = Bell(descriptor)
    self.bell = bell
    _ = watch(descriptor, EPOLLIN.rawValue | EPOLLET.rawValue, bell)
  }

  // MARK: Descriptors

  /// Registers `descriptor`, edge-triggered once and for all; the loop keeps `source` alive until `forget`.
  ///
  /// - Returns: a token for `forget`, or nil with errno set when epoll refuses.
  func watch(_ descriptor: Int32, _ events: UInt32, _ source: any EventSource) -> UInt64? {
    let index = freeSlots.popLast() ?? slots.count
    if index == slots.count { slots.append(Slot()) }
    slots[index].source = source
    let token = UInt64(slots[index].generation) << 32 | UInt64(index)
    var event = epoll_event()
    event.events = events
    event.data.u64 = token
    guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
      release(index)
      return nil
    }
    return token
  }

  /// Ends a registration. Events of it that epoll has handed out already reach nobody.
  func forget(_ descriptor: Int32, _ token: UInt64) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    release(Int(token & 0xFFFF_FFFF))
  }

  private func release(_ index: Int) {
    slots[index].source = nil
    slots[index].generation &+= 1
    freeSlots.append(index)
  }

  private func deliver(_ events: UInt32, token: UInt64) {
    let index = Int(token & 0xFFFF_FFFF)
    guard index < slots.count, slots[index].generation == UInt32(token >> 32) else { return }
    slots[index].source?.ready(events)
  }

  // MARK: The tick

  /// Runs `body` later in this tick, or in the next one when the end of the tick is already being worked off.
  func atEndOfTick(_ body: @escaping @EventLoop () -> Void) { deferred.append(body) }

  /// Waits for events, `milliseconds` at most (-1: for ever).
  func wait(milliseconds: Int32) {
    arrived = Int(max(0, epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)))
  }

  /// Hands out the events that `wait` brought.
  func beginTick() {
    now = monotonicNanoseconds()
    for index in 0..<arrived { deliver(events[index].events, token: events[index].data.u64) }
  }

  /// Fires due timers and does what was put off; answers how many milliseconds the loop may sleep (-1: for ever).
  func endTick() -> Int32 {
    let started = now
    now = monotonicNanoseconds()
    while let timer = timers.popDue(now) { timer.fire() }
    swap(&running, &deferred)
    for body in running { body() }
    running.removeAll(keepingCapacity: true)
    now = monotonicNanoseconds()
    onTick?(.nanoseconds(now - started))
    if !deferred.isEmpty { return 0 }
    guard let next = timers.nextDeadline else { return -1 }
    let wait = (next - now + 999_999) / 1_000_000
    return Int32(clamping: max(0, wait))
  }
}

/// The eventfd by which other threads wake the loop; reading it re-arms the edge.
@EventLoop
private final class Bell: EventSource {
  private let descriptor: Int32

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func ready(_ events: UInt32) {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
  }
}

/// CLOCK_MONOTONIC in nanoseconds.
func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
