import HTTPWire
import JSONWire
import Service
import Transport

/// `jobctl schedules ...`: jobs that go in by the clock.
enum ScheduleCommands {
  private static let path = "/api/v1/schedules"

  static let schedules = Command(
    name: "schedules", operands: "list|show|set|pause|resume|run|delete [NAME [PAYLOAD|@FILE|-]]", operandCount: 1...3,
    summary: "look at schedules, define them, run them now",
    options: [
      Option("cron", "EXPRESSION", "set: five fields, @daily and its like, or '@every 90s'"),
      Option("tz", "ZONE", "set: whose wall clock counts (UTC)"),
      Option("overlap", "skip|allow", "set: while the job of the run before has not ended (skip)"),
      Option("catch-up", nil, "set: make up for each run of the last day that was missed, not for the last one alone"),
      Option("kind", "KIND", "set: the kind of the jobs; without it the job that there is stays"),
      Option("queue", "QUEUE", "set: the first word of the kind unless given"),
      Option("priority", "normal|high", "set: high jumps the line"),
      Option("max-attempts", "N", "set: where it differs from the workers' setting"),
    ],
    examples: [
      "schedules list",
      #"schedules set nightly --cron '30 2 * * *' --tz Europe/Berlin --kind proof.inclusion '{"leaves":["1"],"index":0}'"#,
      "schedules set nightly --cron '@every 90s'", "schedules run nightly", "schedules pause nightly",
    ]
  ) { (call) throws(ProgramEnd) in
    let operands = call.arguments.operands
    switch (operands[0], operands.count) {
    case ("list", 1): return list(try await call.api.ask(.get, path), call.settings)
    case ("show", 2): return answer(try await call.api.ask(.get, try target(call)), call)
    case ("set", 2...3): return answer(try await set(call), call)
    case ("pause", 2): return answer(try await pause(true, call), call)
    case ("resume", 2): return answer(try await pause(false, call), call)
    case ("run", 2): return answer(try await call.api.ask(.post, try target(call) + "/run"), call)
    case ("delete", 2):
      _ = try await call.api.ask(.delete, try target(call))
      return ProgramEnd(.success)
    default:
      throw .usage(
        "usage: jobctl schedules list | show NAME | set NAME | pause NAME | resume NAME | run NAME | delete NAME")
    }
  }

  private static func target(_ call: Call) throws(ProgramEnd) -> String {
    "\(path)/\(PathText.encoded(call.arguments.operands[1]))"
  }

  private static func answer(_ value: JSONValue, _ call: Call) -> ProgramEnd {
    ProgramEnd(.success, output: JobText.text(value, call.settings))
  }

  private static func list(_ answer: JSONValue, _ settings: Settings) -> ProgramEnd {
    if settings.isJSON { return ProgramEnd(.success, output: TextTable.json(answer)) }
    return ProgramEnd(
      .success,
      output: TextTable.text(
        (answer["schedules"] ?? .null).elements,
        columns: [
          ("SCHEDULE", "/name"), ("CRON", "/cron"), ("TZ", "/tz"), ("KIND", "/job/kind"), ("NEXT", "/next_run_at"),
          ("LAST", "/last_run/at"), ("OUTCOME", "/last_run/outcome"), ("PAUSED", "/paused"),
        ]))
  }

  @EventLoop
  private static func set(_ call: Call) async throws(ProgramEnd) -> JSONValue {
    let arguments = call.arguments
    guard let cron = arguments["cron"] else { throw .usage("schedules set needs --cron EXPRESSION") }
    let payload: JSONValue? = arguments.operands.count == 3 ? try PayloadSource.read(arguments.operands[2]) : nil
    let ofJob = ["queue", "priority", "max-attempts"].filter { arguments[$0] != nil }
    if arguments["kind"] == nil, payload != nil || !ofJob.isEmpty { throw .usage("a job needs --kind KIND") }
    let attempts = try arguments.number("max-attempts", in: 1...100)
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("cron", cron)
      if let zone = arguments["tz"] { writer.field("tz", zone) }
      if let overlap = arguments["overlap"] { writer.field("overlap", overlap) }
      writer.field("catch_up", arguments.has("catch-up"))
      guard let kind = arguments["kind"] else { return }
      writer.object("job") { writer in
        writer.field("kind", kind)
        for name in ["queue", "priority"] {
          if let value = arguments[name] { writer.field(name, value) }
        }
        if let attempts { writer.field("max_attempts", attempts) }
        if let payload { writer.field("payload", payload) } else { writer.object("payload") { _ in } }
      }
    }
    return try await call.api.ask(.put, try target(call), body: writer.bytes)
  }

  /// Everything else stays as it is.
  @EventLoop
  private static func pause(_ isPaused: Bool, _ call: Call) async throws(ProgramEnd) -> JSONValue {
    let schedule = try await call.api.ask(.get, try target(call))
    var writer = JSONWriter()
    writer.object { writer in
      for name in ["cron", "tz", "overlap", "catch_up"] { writer.field(name, schedule[name] ?? .null) }
      writer.field("paused", isPaused)
    }
    return try await call.api.ask(.put, try target(call), body: writer.bytes)
  }
}
