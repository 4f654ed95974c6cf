import HTTPWire
import Jobs

/// What a caller wants to see of the jobs: `?queue=&state=&kind=&limit=&cursor=`.
struct ListQuery: Sendable, Equatable {
  /// Jobs on a page: 50 unless the caller says otherwise, at most 500.
  static let limits = 1...500
  /// Entries looked at for one page: a filter that fits few of many jobs gives short pages, not slow ones.
  static let mostScanned = 5000

  /// Only of this queue; nil for all.
  var queue: QueueName?
  /// Only in this state; nil for all.
  var state: JobState?
  /// Only of this kind; nil for all.
  var kind: String?
  /// Most jobs on the page.
  var limit = 50
  /// Where the page begins.
  var cursor: ListCursor?

  /// Reads the parameters of a stream of changes: `?queue=&state=`.
  init(events query: HTTPQuery) throws(Problem) {
    try query.check(known: ["queue", "state"])
    try self.init(query)
  }

  /// A query that a program asks.
  init(state: JobState, queue: QueueName?, limit: Int) {
    self.state = state
    self.queue = queue
    self.limit = limit
  }

  /// Reads the parameters; all problems are told at once.
  ///
  /// - Parameter fixedState: the state of a list that knows one alone, where `state` is no parameter.
  init(_ query: HTTPQuery, fixedState: JobState? = nil, others: Set<String> = []) throws(Problem) {
    var known: Set<String> = ["queue", "kind", "limit", "cursor"]
    if fixedState == nil { known.insert("state") }
    try query.check(known: known.union(others))
    var errors: [FieldProblem] = []
    if let text = query["queue"] {
      queue = QueueName(text)
      if queue == nil { errors.append(FieldProblem("/queue", "must be 1 to 64 of a-z 0-9 _ -")) }
    }
    state = fixedState
    if fixedState == nil, let text = query["state"] {
      state = JobState(rawValue: text)
      let names = JobState.allCases.map(\.rawValue).joined(separator: ", ")
      if state == nil { errors.append(FieldProblem("/state", "must be one of \(names)")) }
    }
    kind = query["kind"]
    if let text = query["limit"] {
      if let number = Int(text), Self.limits.contains(number) {
        limit = number
      } else {
        errors.append(FieldProblem("/limit", "must be a number from 1 to 500"))
      }
    }
    if let text = query["cursor"] {
      cursor = ListCursor(text)
      if cursor == nil { errors.append(FieldProblem("/cursor", "must be the next_cursor of the page before")) }
    }
    if !errors.isEmpty { throw Problem(.badRequest, "invalid-filter", "The filter is not valid", errors: errors) }
  }
}

/// Where the next page of a list begins. Callers hand it back as it is.
struct ListCursor: Sendable, Equatable {
  /// Whose entries were being looked at.
  var queue: QueueName
  /// In which state.
  var state: JobState
  /// How many of them have been looked at.
  var offset: Int

  init(queue: QueueName, state: JobState, offset: Int) {
    self.queue = queue
    self.state = state
    self.offset = offset
  }

  /// Reads the text; nil for any other.
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, let queue = QueueName(parts[0]), let state = JobState(rawValue: parts[1]),
      let offset = Int(parts[2]), (0..<1_000_000_000_000).contains(offset), String(offset) == parts[2]
    else { return nil }
    self.init(queue: queue, state: state, offset: offset)
  }

  /// The text.
  var text: String { "\(queue).\(state.rawValue).\(offset)" }
}
