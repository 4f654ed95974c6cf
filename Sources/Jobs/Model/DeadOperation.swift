/// What is done to dead letters; for many of them it is a job of its own, which producers run.
public enum DeadOperation: String, Sendable, Hashable, CaseIterable {
  /// They run again.
  case requeue
  /// They are deleted.
  case purge

  /// The kind of such a job. It is in no table of kinds: nobody submits one.
  public var kind: KindName {
    switch self {
    case .requeue: KindName(known: "dead.requeue")
    case .purge: KindName(known: "dead.purge")
    }
  }

  /// The operation of a kind, if it is one.
  public init?(kind: String) {
    guard let operation = Self.allCases.first(where: { $0.kind.text == kind }) else { return nil }
    self = operation
  }
}

extension QueueName {
  /// The queue of jobs that producers run themselves.
  public static let operations = QueueName(known: "operations")
}
