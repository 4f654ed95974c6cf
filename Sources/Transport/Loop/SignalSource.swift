import CLinux
import Glibc

/// Signals as events on the loop, by signalfd.
@EventLoop
public final class SignalSource: EventSource {
  private let descriptor: Int32
  private let onSignal: @EventLoop (Int32) -> Void

  /// Blocks `signals` in the calling thread and all that it will start, and ignores SIGPIPE.
  ///
  /// Call it first in `main`, before any thread exists: a thread that does not block a signal would get it.
  public nonisolated static func block(_ signals: [Int32]) {
    signal(SIGPIPE, SIG_IGN)
    var set = signalSet(signals)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Reports each of `signals` (blocked before) until the process ends.
  public init(_ signals: [Int32], onSignal: @escaping @EventLoop (Int32) -> Void) throws(TransportError) {
    self.onSignal = onSignal
    var set = Self.signalSet(signals)
    descriptor = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    guard descriptor >= 0,
      LoopCore.shared.watch(descriptor, EPOLLIN.rawValue | EPOLLET.rawValue, self) != nil
    else { throw Socket.failure("watching", "signals") }
  }

  func ready(_ events: UInt32) {
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    while read(descriptor, &info, size) == size { onSignal(Int32(info.ssi_signo)) }
  }

  private nonisolated static func signalSet(_ signals: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    return set
  }
}
