import JSONWire
import Jobs
import Service
import Transport

/// `jobctl doctor`: looks for what does not hold in Redis, and mends it.
enum DoctorCommand {
  static let doctor = Command(
    name: "doctor", operands: "", operandCount: 0...0,
    summary: "look for what does not hold in Redis, while everything runs; exit 1 when something is left",
    options: RedisAccess.options + [Option("repair", nil, "mend it; no job is lost")],
    examples: ["doctor", "doctor --repair", "doctor --redis-url redis://redis:6379/0 --json"]
  ) { (call) throws(ProgramEnd) in
    let access = try RedisAccess(call)
    return try await access.withStore { (store) throws(ProgramEnd) in
      do throws(JobError) {
        return try await examine(store, call).end(isJSON: call.settings.isJSON)
      } catch {
        throw .store(error, at: access.name)
      }
    }
  }

  @EventLoop
  private static func examine(_ store: JobStore, _ call: Call) async throws(JobError) -> DoctorReport {
    let line = SharedProgress()
    let examination = Examination(store) { progress in
      line.line.tell { _ in "\(progress.step): \(ProgressLine.share(progress.done, of: progress.total))" }
    }
    defer { line.line.end() }
    var report = DoctorReport()
    report.findings = try await examination.look()
    report.isComplete = examination.isComplete
    report.left = report.findings
    guard call.arguments.has("repair") else { return report }
    report.isRepair = true
    report.left = try await examination.mend(report.findings)
    // What one look could not hold is for the next one, as long as that finds something to mend.
    while !examination.isComplete {
      let more = try await examination.look()
      let left = try await examination.mend(more)
      report.findings += more.filter { !report.left.contains($0) }
      report.left = left
      if left.count == more.count { break }
    }
    report.isComplete = examination.isComplete
    return report
  }

  /// One line that the calls back share.
  @EventLoop
  private final class SharedProgress {
    var line = ProgressLine()
  }
}
