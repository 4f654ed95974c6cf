import Jobs
import Transport

/// Extends the leases of running jobs, from the loop thread, which no job code can starve.
///
/// Three beats fit into the shortest lease in force, so that one lost call costs nothing. The answers also bring the
/// news that a lease is lost or that a job should be cancelled.
@EventLoop
final class LeaseKeeper {
  private let processor: Processor
  private let store: JobStore
  private let telemetry: WorkerTelemetry
  private lazy var timer = LoopTimer { [weak self] in self?.beat() }

  init(processor: Processor, store: JobStore, telemetry: WorkerTelemetry) {
    self.processor = processor
    self.store = store
    self.telemetry = telemetry
    processor.onShorterLease = { [weak self] in self?.schedule() }
  }

  /// Begins to beat; goes on as long as the process.
  func start() { schedule() }

  private func schedule() { timer.schedule(after: .milliseconds(max(1, processor.shortestLeaseMs / 3))) }

  private func beat() {
    schedule()
    for (index, queue) in processor.queues.enumerated() {
      let leases = processor.leases(in: index)
      if !leases.isEmpty { EventLoop.spawn { await self.extend(leases, in: queue, index) } }
    }
  }

  private func extend(_ leases: [Lease], in queue: QueueName, _ index: Int) async {
    do throws(JobError) {
      let reply = try await store.extend(leases, on: queue, worker: processor.settings.worker)
      processor.leasesLast(reply.leaseMs, in: index)
      let lost = Set(reply.lost)
      let cancelled = Set(reply.cancelRequested)
      for lease in leases {
        if lost.contains(lease.id) { processor.leaseLost(lease) }
        if cancelled.contains(lease.id) { processor.cancelRequested(lease) }
      }
    } catch {
      telemetry.storeFailed(error)
    }
  }
}
