import CLinux
import Jobs
import Service
import Transport

/// Publishes what checks the proofs of this worker's circuits, when it starts and whenever that may be missing.
@EventLoop
final class CircuitPublisher {
  private let registry: CircuitRegistry
  private let pool: SlotPool
  private let log: Logger
  private var keys: KeyRoom?
  private var entries: [CircuitEntry] = []
  private var publication: Task<Void, Never>?

  init(_ store: JobStore, pool: SlotPool, log: Logger) {
    registry = CircuitRegistry(store)
    self.pool = pool
    self.log = log
  }

  /// Reads the verification keys, on a slot's thread; nothing is published yet.
  ///
  /// - Returns: what is wrong with the keys of the circuits that cannot be published.
  func survey(_ keys: KeyRoom) async -> [KeyError] {
    self.keys = keys
    let (entries, problems) = await withCheckedContinuation { continuation in
      _ = Task(executorPreference: pool) {
        let survey = keys.survey()
        // Constraints and key files were needed for a moment only.
        malloc_trim(0)
        continuation.resume(returning: survey)
      }
    }
    self.entries = entries
    return problems
  }

  /// How many circuits have keys.
  var count: Int { entries.count }

  /// Publishes what the last survey found, and goes on trying until Redis takes it.
  func publish() {
    publication?.cancel()
    publication = EventLoop.spawn {
      while !Task.isCancelled {
        do throws(JobError) {
          try await self.registry.publish(self.entries)
          return self.log.debug("circuits published", [.int("circuits", self.entries.count)])
        } catch {
          self.log.debug("circuits are not published yet", [.error(error)])
        }
        do { try await EventLoop.sleep(for: .seconds(1)) } catch { return }
      }
    }
  }

  /// Reads the keys of the last survey again and publishes them: one of them is another now.
  func refresh() {
    guard let keys else { return }
    EventLoop.spawn {
      _ = await self.survey(keys)
      self.publish()
    }
  }

  /// Ends trying.
  func stop() { publication?.cancel() }
}
