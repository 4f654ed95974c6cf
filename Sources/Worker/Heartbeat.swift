import Glibc
import Jobs
import Service
import Transport

/// Says every five seconds that this worker lives and what it does.
@EventLoop
final class Heartbeat {
  private static let interval = Duration.seconds(5)

  private let registry: WorkerRegistry
  private let processor: Processor
  private let slots: Int
  private let onFailure: @EventLoop (JobError) -> Void
  private var announcement: Task<Void, Never>?
  private lazy var timer = LoopTimer { [weak self] in self?.beat() }

  init(
    registry: WorkerRegistry, processor: Processor, slots: Int, onFailure: @escaping @EventLoop (JobError) -> Void
  ) {
    self.registry = registry
    self.processor = processor
    self.slots = slots
    self.onFailure = onFailure
  }

  /// Beats now and from now on.
  func start() { beat() }

  /// Beats out of turn, when the state has changed.
  func beat() {
    timer.schedule(after: Self.interval)
    let note = note()
    announcement = EventLoop.spawn {
      do throws(JobError) {
        // Somebody asked for quiet through the API.
        guard try await self.registry.announce(note), note.state == .running else { return }
        self.processor.quiet()
        self.beat()
      } catch {
        self.onFailure(error)
      }
    }
  }

  /// Takes the worker out of the registry; the last thing it does.
  func leave() async {
    timer.cancel()
    // A beat takes several commands; its last one would enter the worker again.
    await announcement?.value
    do throws(JobError) { try await registry.leave(processor.settings.worker) } catch { onFailure(error) }
  }

  private func note() -> WorkerNote {
    let state: WorkerState =
      switch processor.mode {
      case .running: .running
      case .quiet: .quiet
      case .draining: .draining
      }
    return WorkerNote(
      id: processor.settings.worker, host: Machine.hostName, processID: Int(getpid()), version: BuildInfo.version,
      state: state, queues: processor.queues, slots: slots, busy: processor.busySlots,
      residentBytes: ProcessStatistics.read().map { Int(clamping: $0.residentBytes) } ?? 0)
  }
}
