/// `access_history`: "in the committed history, this accessor came this often between these instants."
///
/// An entry is Poseidon(5, present, accessor, time); the history Poseidon(4, salt, entry 1 ... entry 4). Absent entries come
/// last and hold zeros, so that a list has one form.
public struct AccessHistory: Circuit {
  /// The name of its keys.
  public static let name = "access_history"
  /// The public signals, outputs first.
  public static let publicSignalNames = ["commitment", "count", "accessor", "from", "to", "context"]
  /// Some statement.
  public static let example = AccessHistory(
    checkedSalt: 1, entries: [Entry(accessor: 1, time: 1)], accessor: 1, from: 0, to: 2, context: 0)

  /// How many entries a history has at most.
  public static let capacity = 4

  /// One access.
  public struct Entry: Sendable, Hashable {
    /// Who came.
    public var accessor: Fr
    /// When, in Unix seconds.
    public var time: UInt64

    /// An access.
    public init(accessor: Fr, time: UInt64) {
      self.accessor = accessor
      self.time = time
    }
  }

  let salt: Fr
  let entries: [Entry]
  let accessor: Fr
  let from: UInt64
  let to: UInt64
  let context: Fr

  /// A statement about the history's commitment.
  ///
  /// - Parameters:
  ///   - accessor: who is counted.
  ///   - from: the first instant that counts, Unix seconds.
  ///   - to: the last one.
  /// - Throws: `tooManyEntries`, `outOfRange`.
  public init(
    salt: Fr, entries: [Entry], accessor: Fr, from: UInt64, to: UInt64, context: Fr
  ) throws(ProofsError) {
    guard entries.count <= Self.capacity else {
      throw .tooManyEntries(count: entries.count, capacity: Self.capacity)
    }
    let instants = entries.map { ("entries", $0.time) } + [("from", from), ("to", to)]
    for (name, instant) in instants where instant >> UInt64(Deletion.instantBits) != 0 {
      throw .outOfRange(name: name, bits: Deletion.instantBits)
    }
    self.init(checkedSalt: salt, entries: entries, accessor: accessor, from: from, to: to, context: context)
  }

  private init(checkedSalt salt: Fr, entries: [Entry], accessor: Fr, from: UInt64, to: UInt64, context: Fr) {
    self.salt = salt
    self.entries = entries
    self.accessor = accessor
    self.from = from
    self.to = to
    self.context = context
  }

  /// Writes the statement down.
  public func synthesize(_ builder: inout ConstraintBuilder) {
    let commitment = builder.output()
    let count = builder.output()
    let accessor = builder.input(self.accessor)
    let fromInput = builder.input(Fr(from))
    let toInput = builder.input(Fr(to))
    builder.bindContext(builder.input(context))
    let from = builder.ranged(fromInput, bits: Deletion.instantBits)
    let to = builder.ranged(toInput, bits: Deletion.instantBits)
    var hashes = [builder.constant(4), builder.hint(salt)]
    var total = builder.constant(.zero)
    var previous: Bit?
    for place in 0..<Self.capacity {
      let entry = place < entries.count ? entries[place] : nil
      let present = builder.bit(entry != nil)
      let who = builder.hint(entry?.accessor ?? .zero)
      let when = builder.hint(Fr(entry?.time ?? 0))
      let zero = builder.constant(.zero)
      // An absent entry holds nothing, and none follows an absent one.
      let absent = builder.not(present).combination
      builder.enforce(absent, times: who, equals: zero)
      builder.enforce(absent, times: when, equals: zero)
      if let previous {
        builder.enforce(present.combination, times: builder.not(previous).combination, equals: zero)
      }
      previous = present
      let time = builder.ranged(when, bits: Deletion.instantBits)
      let isAfter = builder.lessOrEqual(from, time)
      let isBefore = builder.lessOrEqual(time, to)
      let isWithin = builder.and(isAfter, isBefore)
      let isThem = builder.isEqual(who, accessor)
      let isTheirs = builder.and(present, isThem)
      total += builder.and(isTheirs, isWithin).combination
      hashes.append(builder.poseidon([builder.constant(5), present.combination, who, when]))
    }
    builder.bind(commitment, to: builder.poseidon(hashes))
    builder.bind(count, to: total)
  }
}
