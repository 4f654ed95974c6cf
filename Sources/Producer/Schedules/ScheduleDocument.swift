import JSONWire
import Jobs

/// A schedule as its caller sees it.
struct ScheduleDocument {
  let name: ScheduleName
  let schedule: Schedule
  /// The next runs; nil in a list, which does not work them out.
  var runs: [Int64]?

  /// Writes it as an object.
  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("name", name.text)
      writer.field("cron", schedule.timing.description)
      writer.field("tz", schedule.zone)
      writer.field("overlap", schedule.overlap.rawValue)
      writer.field("catch_up", schedule.catchesUp)
      writer.field("paused", schedule.isPaused)
      writer.object("job") { writer in writeJob(to: &writer) }
      writer.field("sealed", schedule.template.isSealed)
      writer.optional("created_at", JobDocument.instant(schedule.createdMs))
      writer.optional("updated_at", JobDocument.instant(schedule.updatedMs))
      writer.optional("next_run_at", JobDocument.instant(schedule.nextMs))
      if let runs { writer.field("next_runs", runs.compactMap { JobDocument.instant($0) }) }
      writer.key("last_run")
      if let run = schedule.last {
        writer.object { writer in write(run, to: &writer) }
      } else {
        writer.null()
      }
      writer.field("enqueued", schedule.enqueued)
      writer.field("skipped", schedule.skipped)
      writer.object("links") { writer in
        writer.field("self", Paths.schedule(name))
        writer.field("run", Paths.schedule(name) + "/run")
      }
    }
  }

  /// The job as it was given; a payload that lies sealed is not shown.
  private func writeJob(to writer: inout JSONWriter) {
    do throws(JSONError) {
      let document = try JSONDocument(schedule.template.json, limits: JSONLimits(bytes: .max, values: .max))
      for member in document.root.members where !(schedule.template.isSealed && member.name == "payload") {
        writer.field(member.name, member.value)
      }
    } catch {
      // It was spoilt by hand; its runs fail and say so.
      writer.field("kind", schedule.template.kind.text)
    }
  }

  private func write(_ run: Schedule.Run, to writer: inout JSONWriter) {
    writer.optional("at", JobDocument.instant(run.tickMs))
    writer.field("outcome", run.outcome.rawValue)
    writer.optional("job", run.job?.text)
    writer.optional("detail", run.detail)
    writer.object("links") { writer in
      if let job = run.job { writer.field("job", Paths.job(job)) }
    }
  }
}
