import HTTPWire
import JSONWire
import Service
import Transport

/// `jobctl dead ...`: what ended badly.
enum DeadCommands {
  private static let path = "/api/v1/dead"
  private static let filters = ["queue", "kind", "reason", "error", "since", "until"]

  static let dead = Command(
    name: "dead", operands: "list|show|requeue|purge|export [ID...]", operandCount: 1...1001,
    summary: "look at dead letters, run them again, delete them",
    options: [
      Option("queue", "QUEUE", "only of this queue"), Option("kind", "KIND", "only of this kind"),
      Option("reason", "REASON", "only with this reason"), Option("error", "TEXT", "only with this text in the error"),
      Option("since", "INSTANT", "died at this time or later (RFC 3339)"), Option("until", "INSTANT", "died before it"),
      Option(
        "limit", "N", "list: letters on the page (50, at most 500); requeue, purge: the most by filter, up to 1000"),
      Option("cursor", "CURSOR", "list: where the page begins"),
      Option("no-wait", nil, "requeue, purge: do not wait for the job that does it to very many"),
      Option("all", nil, "requeue, purge: without ids and filter, all"),
      Option("dry-run", nil, "requeue, purge: count alone"),
    ],
    examples: [
      "dead list --queue proof", "dead show proof.01K9ZV3T7Q8M4N5P6R7S8T9V0W",
      "dead requeue --queue proof --error 'no disk' --dry-run", "dead purge --reason undecodable",
      "dead export --queue proof >dead.ndjson",
    ]
  ) { (call) throws(ProgramEnd) in
    let verb = call.arguments.operands[0]
    let ids = Array(call.arguments.operands.dropFirst())
    switch (verb, ids.count) {
    case ("list", 0):
      let target = PathText.query(path, call.arguments, filters + ["limit", "cursor"])
      return JobText.list(try await call.api.ask(.get, target), call.settings)
    case ("show", 1):
      return ProgramEnd(
        .success, output: JobText.text(try await call.api.ask(.get, PathText.job(ids[0])), call.settings))
    case ("requeue", _), ("purge", _): return try await change(verb, ids, call)
    case ("export", 0): return try await export(call)
    default: throw .usage("usage: jobctl dead list | show ID | requeue [ID...] | purge [ID...] | export")
    }
  }

  /// One call; by ids or with `--limit` it takes up to 1,000 letters, and exit code 3 says that some were left. Of a filter
  /// with more it makes a job, which is waited for.
  @EventLoop
  private static func change(_ verb: String, _ ids: [String], _ call: Call) async throws(ProgramEnd) -> ProgramEnd {
    let given = filters.filter { call.arguments[$0] != nil }
    guard ids.isEmpty || given.isEmpty else { throw .usage("give either ids or a filter, not both") }
    let limit = try call.arguments.number("limit", in: 1...1000)
    if limit != nil, !ids.isEmpty { throw .usage("--limit goes with a filter or --all, not with ids") }
    if call.arguments["cursor"] != nil { throw .usage("--cursor goes with dead list alone") }
    guard !ids.isEmpty || !given.isEmpty || call.arguments.has("all") else {
      throw .usage("dead \(verb) needs ids, a filter, or --all; add --dry-run to see how many")
    }
    var writer = JSONWriter()
    writer.object { writer in
      if ids.isEmpty {
        writer.object("filter") { writer in
          for name in given { writer.field(name, call.arguments[name] ?? "") }
        }
      } else {
        writer.array("ids") { writer in for id in ids { writer.string(id) } }
      }
      if let limit { writer.field("limit", limit) }
      writer.field("dry_run", call.arguments.has("dry-run"))
    }
    let answer = try await call.api.ask(.post, "\(path)/\(verb)", body: writer.bytes)
    if let job = answer["id"]?.asString {
      guard !call.arguments.has("no-wait") else {
        return ProgramEnd(.success, output: JobText.text(answer, call.settings))
      }
      return try await JobWait.end(of: job, within: .seconds(86_400), call)
    }
    let skipped = (answer["skipped"] ?? .null).count
    let isComplete = answer["complete"]?.asBool ?? true
    let code: ExitCode = skipped > 0 || !isComplete ? .partial : .success
    let hint = isComplete ? "" : "there are more than one call takes: run it again\n"
    if call.settings.isJSON { return ProgramEnd(code, output: TextTable.json(answer), errors: hint) }
    return ProgramEnd(code, output: JobText.text(answer, call.settings), errors: hint)
  }

  /// All that fit, one JSON object a line.
  @EventLoop
  private static func export(_ call: Call) async throws(ProgramEnd) -> ProgramEnd {
    var cursor: String?
    repeat {
      var target = PathText.query(path, call.arguments, filters)
      target += "\(target.contains("?") ? "&" : "?")limit=500\(cursor.map { "&cursor=\(PathText.encoded($0))" } ?? "")"
      let page = try await call.api.ask(.get, target)
      let lines = (page["jobs"] ?? .null).elements.map(TextTable.json).joined()
      guard StandardStream.output.write(Array(lines.utf8)) else {
        throw .failed(.failure, "standard output was closed before all was written")
      }
      cursor = page["next_cursor"]?.asString
    } while cursor != nil
    return ProgramEnd(.success)
  }
}
