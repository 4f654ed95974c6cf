/// What a worker says of itself with each beat: the hash `wc:worker:<id>`.
public struct WorkerNote: Sendable, Equatable {
  /// Unique to the start of a process: host, process id, random digits.
  public var id: String
  /// Where it runs.
  public var host: String
  /// Its process id there.
  public var processID: Int
  /// Its version.
  public var version: String
  /// What it is doing.
  public var state: WorkerState
  /// The queues that it serves.
  public var queues: [QueueName]
  /// Jobs that it can run at once.
  public var slots: Int
  /// Jobs that it runs.
  public var busy: Int
  /// Its resident memory in bytes.
  public var residentBytes: Int

  /// Creates a note.
  public init(
    id: String, host: String, processID: Int, version: String, state: WorkerState, queues: [QueueName], slots: Int,
    busy: Int, residentBytes: Int
  ) {
    self.id = id
    self.host = host
    self.processID = processID
    self.version = version
    self.state = state
    self.queues = queues
    self.slots = slots
    self.busy = busy
    self.residentBytes = residentBytes
  }

  /// Fields and values of the hash.
  var fields: [(name: StaticString, value: String)] {
    [
      ("host", host), ("pid", String(processID)), ("version", version), ("state", state.rawValue),
      ("queues", queues.map(\.text).joined(separator: ",")), ("slots", String(slots)), ("busy", String(busy)),
      ("rss_bytes", String(residentBytes)),
    ]
  }
}
