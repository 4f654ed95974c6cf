import HTTPWire
import JSONWire
import Jobs

/// What a caller wants of a schedule: the body of `PUT /api/v1/schedules/{name}`.
struct ScheduleRequest: Sendable {
  let timing: ScheduleTiming
  let zone: String
  let overlap: Schedule.Overlap
  let catchesUp: Bool
  let isPaused: Bool
  /// nil keeps the job that there is: a private payload cannot be read back to be sent again.
  let template: Schedule.Template?

  /// Reads a body.
  ///
  /// - Throws: 422 `invalid-schedule` that names every field at fault, or what `ScheduleTemplate` throws.
  init(_ value: JSONValue, _ templates: ScheduleTemplate, owner: String?) throws {
    var fields = JSONFieldReader(value)
    let before = fields.problems.count
    let text = fields.string("cron", length: 1...256)
    var timing: ScheduleTiming?
    if fields.problems.count == before {
      do throws(CronExpression.Malformed) {
        timing = try ScheduleTiming(text)
      } catch {
        fields.reject("cron", error.description)
      }
    }
    zone = fields.optionalString("tz") ?? "UTC"
    if !ZoneFolder.isName(zone) { fields.reject("tz", "expected a name of the IANA database such as Europe/Berlin") }
    let overlap = fields.optionalOneOf("overlap", Schedule.Overlap.allCases.map(\.rawValue))
    self.overlap = overlap.flatMap { Schedule.Overlap(rawValue: $0) } ?? .skip
    catchesUp = fields.optionalBool("catch_up") ?? false
    isPaused = fields.optionalBool("paused") ?? false
    let job = fields.optionalValue("job")
    var problems: [JSONProblem] = []
    do throws(JSONProblems) { try fields.finish() } catch { problems = error.problems }
    var template: Schedule.Template?
    if let job {
      do {
        template = try templates.template(job, owner: owner)
      } catch let error as JobRequestError {
        if case .payloadTooLarge = error { throw Problem(error) }
        problems += error.problems
      }
    }
    guard problems.isEmpty, let timing else { throw Problem.invalidSchedule(problems) }
    self.timing = timing
    self.template = template
  }
}

extension Problem {
  /// 422 for a schedule with wrong fields.
  static func invalidSchedule(_ problems: [JSONProblem]) -> Problem {
    Problem(
      .unprocessable, "invalid-schedule", "The schedule is not valid",
      errors: problems.map { FieldProblem($0.pointer, $0.detail) })
  }

  /// 404 for a name that no schedule has.
  static func scheduleNotFound(_ name: String) -> Problem {
    Problem(
      .notFound, "schedule-not-found", "There is no such schedule",
      detail: "No schedule is called \(name.prefix(64)). GET /api/v1/schedules lists them.")
  }

  /// 422 where as many schedules are kept as may be.
  static var tooManySchedules: Problem {
    Problem(
      .unprocessable, "too-many-schedules", "There are as many schedules as may be",
      detail: "At most \(ScheduleStore.most) are kept. Delete one, or let one job do the work of several.")
  }
}
