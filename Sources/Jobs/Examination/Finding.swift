/// A flaw and where it is.
public struct Finding: Sendable, Hashable {
  /// What does not hold.
  public let flaw: Flaw
  /// The key in Redis.
  public let key: String
  /// The member or field of the key, where one is meant.
  public let member: String?
  /// What to mend, and how.
  let place: Place

  /// What the finding is about.
  enum Place: Sendable, Hashable {
    case thing(ExaminedThing, QueueName)
    case statsField(String, QueueName)
    case queue(QueueName)
    case schedule(ScheduleName)
    case key
  }

  init(_ flaw: Flaw, key: String, member: String? = nil, _ place: Place) {
    self.flaw = flaw
    self.key = key
    self.member = member
    self.place = place
  }

  /// A flaw of a thing of a queue, under the key where a person would look for it.
  init(_ flaw: Flaw, of thing: ExaminedThing, in keys: QueueKeys) {
    self.flaw = flaw
    place = .thing(thing, keys.queue)
    switch thing {
    case .uniqueKey(let print): (key, member) = (keys.unique(print), nil)
    case .idempotencyKey(let print): (key, member) = (keys.idempotency(print), nil)
    case .tombstone(let id): (key, member) = (keys.tombstones, id)
    case .job(let id):
      switch flaw.code {
      case .entryWithoutHash, .entryWithoutLease, .secondEntry, .twiceInLine, .scoreDisagrees, .leaseTooLong:
        (key, member) = (keys.collection(flaw.detail), id)
      case .counterUnreadable, .countersDisagree: (key, member) = (keys.job(named: id), flaw.detail)
      default: (key, member) = (keys.job(named: id), nil)
      }
    }
  }
}
