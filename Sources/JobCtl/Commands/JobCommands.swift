import HTTPWire
import JSONWire
import Service
import Transport

/// Commands for single jobs and lists of them.
enum JobCommands {
  static let all = [enqueue, get, wait, jobs, cancel, retry]

  static let enqueue = Command(
    name: "enqueue", operands: "[PAYLOAD|@FILE|-]", operandCount: 0...1, summary: "put a job in",
    options: [
      Option("kind", "KIND", "which handler runs it; required"),
      Option("queue", "QUEUE", "the first word of the kind unless given"),
      Option("priority", "normal|high", "high jumps the line"),
      Option("delay", "DURATION", "run it later"),
      Option("max-attempts", "N", "where it differs from the workers' setting"),
      Option("idempotency-key", "KEY", "the same key puts the job in once"),
      Option("wait", "DURATION", "wait for its end"),
    ],
    examples: [
      #"enqueue --kind proof.inclusion '{"leaves":["1","2"],"index":0}' --wait 30s"#,
      "enqueue --kind proof.policy @payload.json --priority high",
      "enqueue --kind proof.anchor --idempotency-key order-81 - <payload.json",
    ]
  ) { (call) throws(ProgramEnd) in
    guard let kind = call.arguments["kind"] else { throw .usage("enqueue needs --kind KIND") }
    let payload = try PayloadSource.read(call.arguments.operands.first ?? "{}")
    let wait = try call.arguments.duration("wait")
    let attempts = try call.arguments.number("max-attempts", in: 1...1000)
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("kind", kind)
      for name in ["queue", "priority", "delay"] {
        if let value = call.arguments[name] { writer.field(name, value) }
      }
      if let attempts { writer.field("max_attempts", attempts) }
      writer.field("payload", payload)
    }
    var headers = HTTPHeaders()
    if let key = call.arguments["idempotency-key"] {
      guard !key.isEmpty, key.utf8.count <= 255, key.utf8.allSatisfy({ $0 >= 32 && $0 < 127 }) else {
        throw .usage("--idempotency-key must be 1 to 255 printable ASCII characters")
      }
      headers.set("Idempotency-Key", key)
    }
    let job = try await call.api.ask(.post, PathText.jobs, headers: headers, body: writer.bytes)
    guard let wait else { return ProgramEnd(.success, output: JobText.text(job, call.settings)) }
    return try await JobWait.end(of: TextTable.cell(job["id"]), within: wait, call)
  }

  static let get = Command(
    name: "get", operands: "ID", operandCount: 1...1, summary: "show a job",
    examples: ["get proof.01K9ZV3T7Q8M4N5P6R7S8T9V0W"]
  ) { (call) throws(ProgramEnd) in
    ProgramEnd(
      .success,
      output: JobText.text(try await call.api.ask(.get, PathText.job(call.arguments.operands[0])), call.settings))
  }

  static let wait = Command(
    name: "wait", operands: "ID", operandCount: 1...1,
    summary: "wait for a job's end; exit 1 unless it succeeded, 75 when it did not end in time",
    options: [Option("for", "DURATION", "how long (5m)")], examples: ["wait proof.01K9ZV3T7Q8M4N5P6R7S8T9V0W --for 1h"]
  ) { (call) throws(ProgramEnd) in
    let limit = try call.arguments.duration("for") ?? .seconds(300)
    return try await JobWait.end(of: call.arguments.operands[0], within: limit, call)
  }

  static let jobs = Command(
    name: "jobs", operands: "", operandCount: 0...0, summary: "list jobs, a page at a time",
    options: [
      Option("queue", "QUEUE", "only of this queue"), Option("state", "STATE", "only in this state"),
      Option("kind", "KIND", "only of this kind"), Option("limit", "N", "jobs on the page (50, at most 500)"),
      Option("cursor", "CURSOR", "where the page begins, as the one before said"),
    ],
    examples: ["jobs --queue proof --state running", "jobs --state dead --limit 500 --json"]
  ) { (call) throws(ProgramEnd) in
    let target = PathText.query(PathText.jobs, call.arguments, ["queue", "state", "kind", "limit", "cursor"])
    return JobText.list(try await call.api.ask(.get, target), call.settings)
  }

  static let cancel = Command(
    name: "cancel", operands: "ID", operandCount: 1...1, summary: "end a waiting job, ask a running one to stop",
    examples: ["cancel proof.01K9ZV3T7Q8M4N5P6R7S8T9V0W"]
  ) { (call) throws(ProgramEnd) in try await act("cancel", call) }

  static let retry = Command(
    name: "retry", operands: "ID", operandCount: 1...1, summary: "run a dead, cancelled or waiting job now",
    examples: ["retry proof.01K9ZV3T7Q8M4N5P6R7S8T9V0W"]
  ) { (call) throws(ProgramEnd) in try await act("retry", call) }

  @EventLoop
  private static func act(_ verb: String, _ call: Call) async throws(ProgramEnd) -> ProgramEnd {
    let job = try await call.api.ask(.post, "\(PathText.job(call.arguments.operands[0]))/\(verb)")
    return ProgramEnd(.success, output: JobText.text(job, call.settings))
  }
}
