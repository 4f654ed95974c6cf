/// Which ids were seen in the lines, in bounded memory: 64-bit hashes instead of ids, and only of one part of all ids.
///
/// Two ids of the same hash hide a flaw once in about 10^7 runs over a million jobs; they never make one up, as each
/// flaw is looked at again by its id.
struct LineSightings {
  /// How many parts the ids are divided into, each looked at in a round of its own.
  let parts: Int
  /// The part of this round.
  let part: Int
  private var seen: Set<UInt64> = []
  /// Ids that were seen twice, beyond what a moving line explains.
  private(set) var twice: Set<ExaminedPlace> = []
  /// The pages read last. A push shifts the line, and the next page begins with what was on the one before.
  private var recent: [Set<UInt64>] = []

  private static let recentPages = 4

  /// - Parameter ids: how many ids all lines hold together.
  static func partCount(ids: Int64, perPart: Int64) -> Int { max(1, Int(clamping: (ids + perPart - 1) / perPart)) }

  init(part: Int, of parts: Int) {
    self.part = part
    self.parts = parts
  }

  /// Whether an id is looked at in this round.
  func covers(_ place: ExaminedPlace) -> Bool { parts == 1 || fingerprint(place) % UInt64(parts) == UInt64(part) }

  /// Notes one page of a line.
  mutating func note(_ page: [ExaminedPlace]) {
    var prints: Set<UInt64> = []
    for place in page {
      let print = fingerprint(place)
      guard parts == 1 || print % UInt64(parts) == UInt64(part) else { continue }
      let isFresh = seen.insert(print).inserted
      if !isFresh, !recent.contains(where: { $0.contains(print) }) { twice.insert(place) }
      prints.insert(print)
    }
    recent.append(prints)
    if recent.count > Self.recentPages { recent.removeFirst() }
  }

  /// Forgets which pages were read last: another line begins.
  mutating func beginLine() { recent = [] }

  /// Whether an id was seen in its line.
  func contains(_ place: ExaminedPlace) -> Bool { seen.contains(fingerprint(place)) }

  private func fingerprint(_ place: ExaminedPlace) -> UInt64 { UInt64(bitPattern: Int64(place.hashValue)) }
}

/// A thing and its queue.
struct ExaminedPlace: Sendable, Hashable {
  let queue: QueueName
  let thing: ExaminedThing

  init(_ thing: ExaminedThing, in queue: QueueName) {
    self.queue = queue
    self.thing = thing
  }
}
