/// The keys of Redis that belong to no single queue; the keys of a queue come from `queue(_:)`.
///
/// Nothing else builds keys. Each of these is touched by commands of one key alone, as a Cluster may keep them apart.
public struct Keys: Sendable, Hashable {
  /// What every key begins with, without the colon.
  public let prefix: String

  /// Takes a prefix, or answers nil when it is not 1 to 32 of `A-Z a-z 0-9 _ - .`: a brace would move the hash tag.
  public init?(prefix: String) {
    guard (1...32).contains(prefix.utf8.count), prefix.utf8.allSatisfy(Self.isPrefixByte) else { return nil }
    self.prefix = prefix
  }

  /// The keys under `wc`.
  public static let standard = Keys(known: "wc")

  /// The keys of one queue.
  public func queue(_ queue: QueueName) -> QueueKeys { QueueKeys(base: "\(prefix):{\(queue.text)}:", queue: queue) }

  /// Set of the queues that have ever had a job. No end.
  public var queues: String { "\(prefix):queues" }

  /// Sorted set of worker ids, score = last sign of life in ms. Entries are removed when the worker's hash has ended.
  public var workers: String { "\(prefix):workers" }

  /// Hash of one worker: what it is, runs and holds. Ends shortly after its last sign of life.
  public func worker(_ id: String) -> String { "\(prefix):worker:\(id)" }

  /// Sorted set of schedule names, score = next run in ms. No end.
  public var schedules: String { "\(prefix):schedules" }

  /// Hash of one schedule. No end.
  public func schedule(_ name: String) -> String { "\(prefix):schedule:\(name)" }

  /// Hash of settings that the programs share, such as the key of the fingerprints. No end.
  public var meta: String { "\(prefix):meta" }

  /// Hash from the name of a proof circuit to its verification key. No end.
  public var circuits: String { "\(prefix):circuits" }

  /// String: calls of a client in its window. Ends with the window.
  public func callRate(_ client: String) -> String { "\(prefix):rate:\(client)" }

  /// String: wrong tokens from an address. Ends with its window, or with the block.
  public func guesses(_ address: String) -> String { "\(prefix):guesses:\(address)" }

  /// What SCAN and its pattern find all keys by.
  var pattern: String { "\(prefix):*" }

  /// What a key holds, as far as an examination looks at it; nil for one that is not of this prefix.
  func content(of key: String) -> KeyContent? {
    guard key.hasPrefix("\(prefix):") else { return nil }
    let rest = key.dropFirst(prefix.count + 1)
    if rest.hasPrefix("schedule:") { return ScheduleName(String(rest.dropFirst(9))).map { .schedule($0) } ?? .other }
    guard rest.hasPrefix("{"), let brace = rest.firstIndex(of: "}") else { return .other }
    guard let queue = QueueName(String(rest[rest.index(after: rest.startIndex)..<brace])) else { return .other }
    let name = rest[rest.index(after: brace)...]
    for (start, make) in Self.things where name.hasPrefix(start) {
      return .thing(make(String(name.dropFirst(start.count))), queue)
    }
    return name.hasPrefix(":") ? .ofQueue(queue) : .other
  }

  private static let things: [(String, @Sendable (String) -> ExaminedThing)] = [
    (":job:", { .job($0) }), (":unique:", { .uniqueKey($0) }), (":idem:", { .idempotencyKey($0) }),
  ]

  private init(known prefix: String) { self.prefix = prefix }

  private static func isPrefixByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
    default: false
    }
  }
}

/// What a key holds, for those who meet it in a scan.
enum KeyContent: Sendable, Hashable {
  /// A thing of a queue that is looked at by itself.
  case thing(ExaminedThing, QueueName)
  /// Something else of a queue.
  case ofQueue(QueueName)
  /// One schedule.
  case schedule(ScheduleName)
  /// Of no queue.
  case other
}
