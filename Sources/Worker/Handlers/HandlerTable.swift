import Jobs
import Memories
import Service

/// Which handler runs which kind: the one place to add a kind of work.
enum HandlerTable {
  /// - Throws: when the keys of the memories cannot be used.
  static func handlers(
    for configuration: WorkerConfiguration, store: JobStore, metrics: MetricsRegistry
  ) throws(MemoryError) -> [KindName: any JobHandler] {
    let memories = try memoryHandler(configuration, store, metrics)
    let table: [(String, any JobHandler)] = [
      ("memory.store", memories),
      ("memory.recall", memories),
      ("memory.verify", memories),
      ("memory.forget", memories),
      ("proof.inclusion", InclusionHandler()),
      ("test.noop", TestHandlers.NoOperation()),
      ("test.sleep", TestHandlers.Sleep()),
      ("test.spin", TestHandlers.Spin()),
      ("test.fail", TestHandlers.Fail()),
      ("test.crash", TestHandlers.Crash()),
    ]
    var handlers: [KindName: any JobHandler] = [:]
    for (text, handler) in table {
      // A kind that does not exist here (a test kind in production) has no handler either.
      guard let name = KindName(text), configuration.store.kinds[name] != nil else { continue }
      handlers[name] = handler
    }
    return handlers
  }

  private static func memoryHandler(
    _ configuration: WorkerConfiguration, _ store: JobStore, _ metrics: MetricsRegistry
  ) throws(MemoryError) -> any JobHandler {
    let durations = metrics.histogram(
      "memory_operation_duration_seconds", help: "Operations on private memories.",
      labels: [.closed("operation", ["store", "recall", "verify", "forget"])], bounds: HistogramBounds.request,
      unprefixed: true)
    guard let key = configuration.keys.encryptionKey else { return LockedMemoryHandler() }
    let ring = try MemoryKeyRing(
      encryptionKey: key, previous: [configuration.keys.previousEncryptionKey].compactMap { $0 })
    let memories = MemoryStore(
      client: store.client, keys: store.keys, ring: ring, recentRootsMs: configuration.recentRootsMs)
    return MemoryHandler(store: memories, durations: durations)
  }
}
