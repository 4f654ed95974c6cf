/// Something of a queue that is looked at by itself.
public enum ExaminedThing: Sendable, Hashable {
  /// A job by its id; the id may be one that was made by hand.
  case job(String)
  /// A unique key by its HMAC.
  case uniqueKey(String)
  /// An Idempotency-Key by its HMAC.
  case idempotencyKey(String)
  /// A cancelled id that is said to lie in the line still.
  case tombstone(String)

  /// Its id or HMAC.
  public var name: String {
    switch self {
    case .job(let name), .uniqueKey(let name), .idempotencyKey(let name), .tombstone(let name): name
    }
  }

  /// The word of the scripts for it.
  var word: StaticString {
    switch self {
    case .job: "job"
    case .uniqueKey: "unique"
    case .idempotencyKey: "idem"
    case .tombstone: "tomb"
    }
  }
}
