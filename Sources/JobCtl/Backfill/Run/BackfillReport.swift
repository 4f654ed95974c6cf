import JSONWire
import Service

/// What a backfill says at its end.
struct BackfillReport {
  let checkpoint: Checkpoint
  /// What was done before this life of the run.
  let earlier: Tally
  /// How long this life took.
  let nanoseconds: Int64
  /// Jobs that succeeded, that did not, and that have not ended; nil when nobody waits for them.
  let results: (succeeded: Int, others: Int, open: Int)?
  /// Why it ended early; nil when all is done.
  let stop: RunControl.Stop?

  /// The end of a run that is done.
  ///
  /// - Parameter leftovers: files of the run that could not be deleted.
  func finished(_ options: BackfillOptions, isJSON: Bool, leftovers: [String]) -> ProgramEnd {
    let isWhole = checkpoint.tally.rejected == 0 && results?.others ?? 0 == 0
    var text = words + "\n"
    if let path = options.rejects, checkpoint.tally.rejected > 0 { text += "the refused lines are in \(path)\n" }
    let errors = leftovers.map { "jobctl: \($0) could not be deleted; the run has ended, so delete it\n" }.joined()
    return ProgramEnd(isWhole ? .success : .partial, output: isJSON ? json(checkpoint: nil) : text, errors: errors)
  }

  /// The end of a run that is not done, with the command that goes on.
  func stopped(_ options: BackfillOptions, _ call: Call, keepsCheckpoint: Bool) -> ProgramEnd {
    let path = keepsCheckpoint ? options.checkpoint : nil
    var errors = ""
    var code = ExitCode.interrupted
    switch stop {
    case .failed(let failure, let text)?:
      code = failure
      errors = "jobctl: \(text)\n"
    case .interrupted?, nil: errors = "jobctl: stopped by a signal\n"
    }
    errors += "\(words), up to line \(checkpoint.place.lines)\n"
    if path != nil {
      errors += "to go on\(checkpoint.size == nil ? ", with the same input from its beginning" : ""):\n"
      errors += "  \(ShellText.command(call.resuming))\n"
    } else if !keepsCheckpoint {
      errors += "nothing was sent; the same command begins anew\n"
    } else {
      errors += "no checkpoint was kept, so it cannot go on from there; --checkpoint FILE keeps one\n"
    }
    return ProgramEnd(code, output: call.settings.isJSON ? json(checkpoint: path) : "", errors: errors)
  }

  private var seconds: Double { Double(max(nanoseconds, 1)) / 1e9 }
  private var rate: Double { Double(checkpoint.tally.accepted - earlier.accepted) / seconds }

  private var words: String {
    let tally = checkpoint.tally
    var text = "\(BackfillLine.grouped(tally.accepted)) jobs are in"
    if tally.replayed > 0 { text += " (\(BackfillLine.grouped(tally.replayed)) were already)" }
    text += ", \(BackfillLine.grouped(tally.rejected)) lines were refused"
    if let results {
      text +=
        "; \(BackfillLine.grouped(results.succeeded)) succeeded, \(BackfillLine.grouped(results.others)) did not"
      if results.open > 0 { text += ", \(BackfillLine.grouped(results.open)) have not ended" }
    }
    return text + "; \(BackfillLine.clock(seconds)), \(BackfillLine.grouped(Int(rate)))/s"
  }

  private func json(checkpoint path: String?) -> String {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("run", checkpoint.run)
      writer.field("complete", stop == nil)
      writer.field("lines", checkpoint.place.lines)
      writer.field("bytes", checkpoint.place.offset)
      writer.field("accepted", checkpoint.tally.accepted)
      writer.field("replayed", checkpoint.tally.replayed)
      writer.field("rejected", checkpoint.tally.rejected)
      if let results {
        writer.object("results") { writer in
          writer.field("succeeded", results.succeeded)
          writer.field("others", results.others)
          writer.field("open", results.open)
        }
      }
      writer.field("seconds", (seconds * 1000).rounded() / 1000)
      writer.field("jobs_per_second", rate.rounded())
      if let path { writer.field("checkpoint", path) }
    }
    return writer.text + "\n"
  }
}

extension Call {
  /// The command line that goes on where this one ended.
  fileprivate var resuming: [String] {
    let program = CommandLine.arguments.first ?? "jobctl"
    if arguments.has("resume") { return [program] + words }
    return [program] + words.prefix(1) + ["--resume"] + words.dropFirst()
  }
}
