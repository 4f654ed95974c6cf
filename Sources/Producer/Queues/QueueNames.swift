import HTTPWire
import Jobs
import Transport

/// The queues that there are: those that ever had a job, and those of the settings.
struct QueueNames: Sendable {
  let store: JobStore
  /// Queues that exist even when nothing was ever put in.
  let configured: [QueueName]
  let timing: StoreTiming

  /// All of them, in order.
  @EventLoop
  func all() async throws(JobError) -> [QueueName] {
    let known = try await timing.measure(.stats) { () async throws(JobError) in try await store.queues() }
    return (known + configured.filter { !known.contains($0) }).sorted()
  }

  /// The queue of a path.
  ///
  /// - Throws: 404 for a name that no queue has.
  @EventLoop
  func named(_ text: String) async throws -> QueueName {
    do throws(JobError) {
      if let name = QueueName(text), try await all().contains(name) { return name }
    } catch {
      throw error.forCaller
    }
    throw Problem.queueNotFound(text)
  }
}
