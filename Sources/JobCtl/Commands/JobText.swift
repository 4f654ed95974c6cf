import HTTPWire
import JSONWire
import Service
import Transport

/// Jobs as text.
enum JobText {
  private static let columns = [
    ("ID", "/id"), ("KIND", "/kind"), ("STATE", "/state"), ("ATTEMPTS", "/attempts"), ("CREATED", "/created_at"),
    ("ERROR", "/error/message"),
  ]

  /// One job: its fields a line, or its JSON.
  static func text(_ job: JSONValue, _ settings: Settings) -> String {
    if settings.isJSON { return TextTable.json(job) }
    return TextTable.text(
      job.members.filter { $0.name != "links" && !$0.value.isNull }.map { [$0.name, TextTable.cell($0.value)] })
  }

  /// A page of jobs.
  static func list(_ page: JSONValue, _ settings: Settings) -> ProgramEnd {
    if settings.isJSON { return ProgramEnd(.success, output: TextTable.json(page)) }
    let jobs = page["jobs"] ?? .null
    let more = page["next_cursor"]?.asString.map { "more: --cursor \($0)\n" } ?? ""
    return ProgramEnd(.success, output: TextTable.text(jobs.elements, columns: columns), errors: more)
  }
}

/// Waits for the end of a job.
enum JobWait {
  /// Long polls of at most 50 s each until the job is done or the time is over.
  @EventLoop
  static func end(of id: String, within limit: Duration, _ call: Call) async throws(ProgramEnd) -> ProgramEnd {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    while true {
      let seconds = min(50, max(0, (deadline - clock.now).components.seconds))
      let target = PathText.job(id) + (seconds > 0 ? "?wait=\(seconds)" : "")
      let job = try await call.api.ask(.get, target, isLongPoll: seconds > 0)
      let text = JobText.text(job, call.settings)
      if job["done"]?.asBool == true {
        return ProgramEnd(job["state"]?.asString == "succeeded" ? .success : .failure, output: text)
      }
      guard clock.now + .seconds(1) < deadline else {
        return ProgramEnd(
          .temporaryFailure, output: text,
          errors: "jobctl: \(id) is not done after \(DurationText.text(limit)); `jobctl wait \(id)` waits on\n")
      }
    }
  }
}
