/// The one epoll thread of the process, as a global actor.
///
/// Whatever is marked `@EventLoop` lives on that thread, and the compiler holds it there. Connections, timers and the
/// state of protocols are such objects: they need no locks, and no job code can starve them because none runs here.
///
/// A task that works here must be started by `spawn`. An actor with this executor is not enough: without the task's
/// executor preference every `await` leaves the loop for the global pool and comes back, 1.4 to 1.8 times slower and
/// silently so. `statistics.foreignEnqueues` counts what arrives from other threads; a test holds it flat.
@globalActor
public actor EventLoop {
  /// The loop; its thread starts at the first use. Block signals before that (`SignalSource.block`).
  public static let shared = EventLoop()

  nonisolated let executor: LoopExecutor

  private init() {
    executor = LoopExecutor()
    executor.start()
  }

  /// The executor that the runtime asks for whenever it enters `@EventLoop` code.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Starts a task that runs on the loop and stays there across its awaits. Cancel it through the returned task.
  @discardableResult
  public nonisolated static func spawn(
    _ body: @escaping @EventLoop @Sendable () async -> Void
  ) -> Task<Void, Never> {
    Task(executorPreference: shared.executor) { await body() }
  }

  /// Runs `body` on the loop thread, from any thread, in the order of the calls.
  ///
  /// Calls gather in a mailbox: many of them cost one wake-up. The body must be short; it delays everything else.
  public nonisolated static func post(_ body: @escaping @EventLoop @Sendable () -> Void) {
    shared.executor.post(body)
  }

  /// Whether the caller runs on the loop thread.
  public nonisolated static var isCurrent: Bool { shared.executor.isCurrent }

  /// Counters of the loop since its start; readable from any thread.
  public nonisolated static var statistics: LoopStatistics { shared.executor.statistics }

  /// Calls `body` once after `delay`, rounded up to a millisecond, unless the timer is cancelled before.
  ///
  /// - Complexity: O(log n) in the number of timers, to arm and to cancel.
  @EventLoop
  @discardableResult
  public static func after(_ delay: Duration, _ body: @escaping @EventLoop () -> Void) -> LoopTimer {
    let timer = LoopTimer(body)
    timer.schedule(after: delay)
    return timer
  }

  /// Waits for `duration`; ends early with `CancellationError` when the task is cancelled.
  @EventLoop
  public static func sleep(for duration: Duration) async throws(CancellationError) {
    let nap = Nap()
    let slept = await withTaskCancellationHandler {
      await withCheckedContinuation { nap.begin($0, duration) }
    } onCancel: {
      post { nap.end(slept: false) }
    }
    if !slept { throw CancellationError() }
  }

  /// Monotonic nanoseconds as read at the start of the present tick: cheap, and up to one tick old.
  @EventLoop public static var now: Int64 { LoopCore.shared.now }

  /// Called after each tick with its length: how long a newcomer on the loop would have waited.
  @EventLoop public static var onTick: (@EventLoop (Duration) -> Void)? {
    get { LoopCore.shared.onTick }
    set { LoopCore.shared.onTick = newValue }
  }

  /// Runs isolated code from the loop's own thread function, which the compiler cannot know to be isolated.
  nonisolated static func assumeIsolated(_ body: @EventLoop () -> Void) {
    precondition(isCurrent, "assumeIsolated off the loop thread")
    withoutActuallyEscaping(body) { body in
      // The isolation of a function type is not part of its representation; the precondition above stands for it.
      unsafeBitCast(body, to: (() -> Void).self)()
    }
  }
}

/// Counters of the event loop.
public struct LoopStatistics: Sendable {
  /// Executor jobs that other threads handed in. Flat while all work stays on the loop.
  public var foreignEnqueues = 0
  /// Rounds of runnable work.
  public var rounds = 0
  /// Times that another thread had to wake the loop.
  public var wakes = 0
}

/// One sleep: whoever comes first, the timer or the cancellation, ends it.
@EventLoop
private final class Nap {
  private var continuation: CheckedContinuation<Bool, Never>?
  private var timer: LoopTimer?
  private var isOver = false

  nonisolated init() {}

  func begin(_ continuation: CheckedContinuation<Bool, Never>, _ duration: Duration) {
    if isOver || Task.isCancelled { return continuation.resume(returning: false) }
    self.continuation = continuation
    timer = EventLoop.after(duration) { self.end(slept: true) }
  }

  func end(slept: Bool) {
    isOver = true
    timer?.cancel()
    continuation?.resume(returning: slept)
    continuation = nil
  }
}
