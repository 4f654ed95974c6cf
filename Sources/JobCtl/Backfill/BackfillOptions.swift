import Service

/// What a backfill was told.
struct BackfillOptions: Sendable {
  /// The input; `-` is standard input.
  var input = "-"
  var format = InputFormat.ndjson
  var shape = JobShape()
  /// Jobs a call.
  var batch = 2000
  /// Calls under way at once.
  var connections = 4
  /// Jobs a second at most.
  var rate: Int?
  /// Ready jobs of a queue at most.
  var maxBacklog: Int?
  var isDryRun = false
  var rejects: String?
  var results: String?
  /// Jobs whose results are awaited at once.
  var window = 100_000
  /// Where it notes how far it is; nil when it does not.
  var checkpoint: String?
  var isResuming = false
  /// How long nothing may go in before it gives up.
  var patience = Duration.seconds(600)

  static let options = [
    Option("format", "ndjson|csv|tsv", "how the input is written; guessed from its name"),
    Option("kind", "KIND", "CSV: the kind of all jobs; required"),
    Option("queue", "QUEUE", "CSV: the queue of all jobs; the kind's first word unless given"),
    Option("batch", "N", "jobs a call (2000)"),
    Option("connections", "N", "calls under way at once (4)"),
    Option("rate", "N", "jobs a second at most"),
    Option("max-backlog", "N", "wait while that many jobs of the queue are ready"),
    Option("dry-run", nil, "check every line here, send nothing"),
    Option("rejects", "FILE", "write refused lines there, each with its problem, one JSON a line"),
    Option("wait", "FILE", "write the results there as the jobs end, one JSON a line"),
    Option("window", "N", "--wait: jobs that may be in without a collected result (100000); below half of DONE_MAX"),
    Option("checkpoint", "FILE", "where it notes how far it is (INPUT.backfill)"),
    Option("resume", nil, "go on from the checkpoint"),
    Option("retry-for", "DURATION", "how long the API may take nothing before it gives up (10m)"),
  ]

  /// Reads the options.
  ///
  /// - Throws: exit code 2 for what cannot be meant.
  init(_ arguments: Arguments) throws(ProgramEnd) {
    input = arguments.operands.first ?? "-"
    format = try Self.format(arguments, input)
    if case .csv = format {
      guard let kind = arguments["kind"] else { throw .usage("a CSV input needs --kind KIND, the kind of its jobs") }
      shape = JobShape(kind: kind, queue: arguments["queue"])
    } else if let name = ["kind", "queue"].first(where: { arguments[$0] != nil }) {
      throw .usage("--\(name) is for CSV; each line of NDJSON says its own")
    }
    batch = try arguments.number("batch", in: 1...10_000) ?? batch
    connections = try arguments.number("connections", in: 1...16) ?? connections
    rate = try arguments.number("rate", in: 1...100_000_000)
    maxBacklog = try arguments.number("max-backlog", in: 1...1_000_000_000)
    isDryRun = arguments.has("dry-run")
    rejects = arguments["rejects"]
    results = arguments["wait"]
    window = try arguments.number("window", in: 1...10_000_000) ?? window
    checkpoint = arguments["checkpoint"] ?? (input == "-" ? nil : input + ".backfill")
    isResuming = arguments.has("resume")
    patience = try arguments.duration("retry-for") ?? patience
    if arguments["window"] != nil, results == nil { throw .usage("--window goes with --wait FILE") }
    if isResuming, checkpoint == nil {
      throw .usage("--resume of standard input needs --checkpoint FILE, and the same input again from its beginning")
    }
    if isDryRun, isResuming || results != nil {
      throw .usage("--dry-run sends nothing, so there is nothing to resume or to wait for")
    }
    if results != nil, checkpoint == nil { throw .usage("--wait with standard input needs --checkpoint FILE") }
    let paths = [rejects, results, checkpoint, input == "-" ? nil : input].compactMap { $0 }
    guard Set(paths).count == paths.count else {
      throw .usage("input, --rejects, --wait and --checkpoint must be different files")
    }
    // A rate is not kept if a batch takes seconds of it at once, nor a backlog if one batch fills it.
    if let rate { batch = min(batch, max(1, rate / 4)) }
    if let maxBacklog { batch = min(batch, max(1, maxBacklog / 2)) }
    if results != nil { batch = min(batch, max(1, window / 2)) }
  }

  private static func format(_ arguments: Arguments, _ input: String) throws(ProgramEnd) -> InputFormat {
    switch arguments["format"] {
    case "ndjson": return .ndjson
    case "csv": return .csv(delimiter: UInt8(ascii: ","))
    case "tsv": return .csv(delimiter: UInt8(ascii: "\t"))
    case let word?: throw .usage("--format is \"\(word)\"; expected ndjson, csv or tsv")
    case nil:
      if let format = InputFormat.guessed(from: input) { return format }
      if arguments["kind"] != nil { return .csv(delimiter: UInt8(ascii: ",")) }
      if input == "-" { return .ndjson }
      throw .usage("the name \"\(input)\" does not say how it is written: --format ndjson, csv or tsv")
    }
  }

  /// What must be the same when the run goes on.
  var settings: Checkpoint.Settings {
    var settings = Checkpoint.Settings(format: format.name, rejects: rejects, results: results)
    if case .csv = format {
      settings.kind = shape.kind
      settings.queue = shape.queue
    }
    return settings
  }

  /// Where the ids of accepted jobs are noted, for whoever waits for their results.
  var journal: String? { results == nil ? nil : checkpoint.map { $0 + ".ids" } }
}
