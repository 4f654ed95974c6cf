import HTTPWire
import JSONWire
import Service
import Transport

/// Commands for queues and workers.
enum QueueCommands {
  static let all = [queues, pause, resume, workers]
  private static let path = "/api/v1/queues"

  static let queues = Command(
    name: "queues", operands: "", operandCount: 0...0, summary: "all queues in numbers",
    options: [Option("watch", nil, "again every 2 s, until Ctrl-C")] + RedisAccess.insteadOfAPI,
    examples: ["queues", "queues --watch", "queues --json", "queues --redis-url redis://redis:6379/0"],
    heedsSignals: true
  ) { (call) throws(ProgramEnd) in
    let screen = WatchScreen(isWatching: call.arguments.has("watch"), isJSON: call.settings.isJSON)
    do throws(TransportError) { try screen.heedSignals() } catch { throw .failed(.failure, "\(error)") }
    defer { screen.leave() }
    while true {
      let answer = try await DirectQueues.isAsked(call) ? DirectQueues.list(call) : call.api.ask(.get, path)
      let text =
        call.settings.isJSON
        ? TextTable.json(answer)
        : TextTable.text(
          (answer["queues"] ?? .null).elements,
          columns: [
            ("QUEUE", "/name"), ("READY", "/counts/ready"), ("RUNNING", "/counts/running"),
            ("SCHEDULED", "/counts/scheduled"), ("RETRYING", "/counts/retrying"), ("DONE", "/counts/done"),
            ("DEAD", "/counts/dead"), ("OLDEST S", "/oldest_age_seconds"), ("PAUSED", "/paused"),
          ])
      guard call.arguments.has("watch") else { return ProgramEnd(.success, output: text) }
      guard screen.show(text) else { return ProgramEnd(.success) }
      do { try await EventLoop.sleep(for: .seconds(2)) } catch { return ProgramEnd(.success) }
    }
  }

  static let pause = Command(
    name: "pause", operands: "QUEUE", operandCount: 1...1, summary: "stop claims of a queue; what runs goes on",
    options: [Option("reason", "TEXT", "shown to whoever looks")] + RedisAccess.insteadOfAPI,
    examples: ["pause proof --reason 'disk is full'"]
  ) { (call) throws(ProgramEnd) in try await act("pause", call) }

  static let resume = Command(
    name: "resume", operands: "QUEUE", operandCount: 1...1, summary: "begin claims of a queue again",
    options: RedisAccess.insteadOfAPI, examples: ["resume proof"]
  ) { (call) throws(ProgramEnd) in try await act("resume", call) }

  static let workers = Command(
    name: "workers", operands: "", operandCount: 0...0, summary: "who works", examples: ["workers", "workers --json"]
  ) { (call) throws(ProgramEnd) in
    let answer = try await call.api.ask(.get, "/api/v1/workers")
    if call.settings.isJSON { return ProgramEnd(.success, output: TextTable.json(answer)) }
    return ProgramEnd(
      .success,
      output: TextTable.text(
        (answer["workers"] ?? .null).elements,
        columns: [
          ("WORKER", "/id"), ("STATE", "/state"), ("SLOTS", "/slots"), ("BUSY", "/busy"), ("QUEUES", "/queues"),
        ]))
  }

  @EventLoop
  private static func act(_ verb: String, _ call: Call) async throws(ProgramEnd) -> ProgramEnd {
    let name = call.arguments.operands[0]
    var writer = JSONWriter()
    if let reason = call.arguments["reason"] { writer.object { $0.field("reason", reason) } }
    let queue =
      try await DirectQueues.isAsked(call)
      ? DirectQueues.setPaused(verb == "pause", name, call)
      : call.api.ask(.post, "\(path)/\(PathText.encoded(name))/\(verb)", body: writer.bytes)
    if call.settings.isJSON { return ProgramEnd(.success, output: TextTable.json(queue)) }
    return ProgramEnd(.success, output: "\(name): paused \(TextTable.cell(queue["paused"]))\n")
  }
}
