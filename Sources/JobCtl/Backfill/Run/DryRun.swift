import JSONWire
import Service
import Transport

/// Checks every line of the input without sending anything.
@EventLoop
enum DryRun {
  /// Does it: exit code 3 when lines would be refused.
  static func run(_ options: BackfillOptions, _ call: Call) async throws(ProgramEnd) -> ProgramEnd {
    try BackfillStart.check(options)
    let control = RunControl()
    let source: InputSource
    var rejects: AppendFile?
    let reader: RecordReader
    do throws(FileBytes.Failure) {
      source = try InputSource(options.input, news: control.changed)
      if let path = options.rejects { rejects = try AppendFile(path, length: 0) }
    } catch {
      throw .failed(.failure, "input or --rejects cannot be opened: \(error)")
    }
    do throws(RecordReader.Failure) {
      reader = try RecordReader(options.format, options.shape)
    } catch {
      throw .failed(.failure, error.text)
    }
    do throws(TransportError) {
      try control.heedSignals()
    } catch {
      throw .failed(.failure, "signals cannot be heeded: \(error)")
    }
    source.start()
    let maker = BatchMaker(source, reader, run: "", batchJobs: 1, control)
    let check = LocalCheck()
    var (valid, refused) = (0, 0)
    let display = ProgressDisplay(environment: call.environment) {
      var line = BackfillLine(jobs: valid, rejected: refused)
      line.note = "dry run"
      return line
    }
    display.start()
    defer { display.finish() }
    while let record = try await maker.record() {
      let problem = record.job.map(check.problem)
      let found =
        switch problem {
        case .success(let problem): problem
        case .failure(let problem): problem
        }
      guard let found else {
        valid += 1
        continue
      }
      refused += 1
      let rejection = Rejection(record, found)
      do throws(FileBytes.Failure) {
        try rejects?.append(rejection.json)
      } catch {
        throw .failed(.failure, "--rejects cannot be written: \(error)")
      }
    }
    if control.isEnding { return ProgramEnd(.interrupted) }
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("dry_run", true)
      writer.field("valid", valid)
      writer.field("rejected", refused)
    }
    let words =
      "\(BackfillLine.grouped(valid)) lines are jobs, \(BackfillLine.grouped(refused)) are not; nothing was sent\n"
    return ProgramEnd(refused == 0 ? .success : .partial, output: call.settings.isJSON ? writer.text + "\n" : words)
  }
}
