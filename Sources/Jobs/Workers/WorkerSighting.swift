internal import RedisWire

/// A worker as others see it. What its hash does not say is nil: it is lost, or an older version.
public struct WorkerSighting: Sendable, Equatable {
  /// Unique to the start of a process.
  public let id: String
  /// Its last sign of life, Unix ms of Redis.
  public let beatMs: Int64
  /// What it is doing; `lost` when its hash has ended.
  public var state = WorkerState.lost
  /// Where it runs.
  public var host: String?
  /// Its process id there.
  public var processID: Int64?
  /// Its version.
  public var version: String?
  /// The queues that it serves.
  public var queues: [QueueName] = []
  /// Jobs that it can run at once.
  public var slots: Int64?
  /// Jobs that it runs.
  public var busy: Int64?
  /// Its resident memory in bytes.
  public var residentBytes: Int64?

  init(id: String, beatMs: Int64) {
    self.id = id
    self.beatMs = beatMs
  }

  /// Takes what the worker's hash says.
  mutating func read(_ fields: RESPMap?) {
    guard let fields, let word = fields["state"]?.string else { return }
    state = WorkerState(rawValue: word) ?? .lost
    host = fields["host"]?.string
    processID = fields["pid"]?.int
    version = fields["version"]?.string
    queues = (fields["queues"]?.string ?? "").split(separator: ",").compactMap { QueueName(String($0)) }
    slots = fields["slots"]?.int
    busy = fields["busy"]?.int
    residentBytes = fields["rss_bytes"]?.int
  }
}
