import Glibc
import Service
import Transport

/// One backfill from its first line to its last, or to whatever ends it before.
@EventLoop
final class BackfillRun {
  private let options: BackfillOptions
  private let call: Call
  private let control = RunControl()
  private let sender: BatchSender
  private let source: InputSource
  private var maker: BatchMaker?
  private var ledger: RunLedger?
  private var collector: ResultCollector?
  private var bucket: TokenBucket?
  /// Batches that are being sent.
  private var underWay = 0
  private var jobsUnderWay = 0
  private let began = MonotonicClock.nowNanoseconds()
  private var meter = RateMeter(now: MonotonicClock.nowNanoseconds())
  private var byteMeter = RateMeter(now: MonotonicClock.nowNanoseconds())
  /// What was done before this life of the run.
  private var earlier = Checkpoint(run: "", settings: Checkpoint.Settings())

  /// - Throws: how the program ends when the input cannot be opened.
  init(_ options: BackfillOptions, _ call: Call) throws(ProgramEnd) {
    self.options = options
    self.call = call
    sender = BatchSender(
      BulkCaller(call.settings, connections: options.connections), patience: options.patience,
      maxBacklog: options.maxBacklog, control)
    do throws(FileBytes.Failure) {
      source = try InputSource(options.input, news: control.changed)
    } catch {
      throw .failed(.failure, "\(options.input) cannot be opened: \(error)")
    }
  }

  /// Does it.
  func run() async -> ProgramEnd {
    do throws(ProgramEnd) {
      try heedSignals()
      try BackfillStart.check(options)
      try await prepare()
    } catch {
      return error
    }
    let display = ProgressDisplay(environment: call.environment) { self.progress }
    display.start()
    do throws(ProgramEnd) {
      try await feed()
    } catch {
      fail(error)
    }
    // What is under way is answered and noted, also when the end has begun.
    while underWay > 0 {
      let seen = control.changed.generation
      if underWay > 0 { await control.changed.wait(after: seen) }
    }
    await collector?.finish()
    collector?.flush(toDisk: true)
    display.finish()
    return end()
  }

  private func heedSignals() throws(ProgramEnd) {
    do throws(TransportError) {
      try control.heedSignals()
    } catch {
      throw .failed(.failure, "signals cannot be heeded: \(error)")
    }
  }

  private func prepare() async throws(ProgramEnd) {
    let checkpoint =
      if options.isResuming, let path = options.checkpoint {
        try await BackfillStart.resume(options, path, source, control)
      } else {
        try BackfillStart.begin(options, source)
      }
    earlier = checkpoint
    let now = MonotonicClock.nowNanoseconds()
    meter = RateMeter(now: now, count: Double(checkpoint.tally.accepted))
    byteMeter = RateMeter(now: now, count: Double(checkpoint.place.offset))
    let reader: RecordReader
    do throws(RecordReader.Failure) {
      reader = try RecordReader(options.format, options.shape, at: checkpoint.place, heading: checkpoint.heading)
    } catch {
      throw .failed(.failure, error.text)
    }
    maker = BatchMaker(source, reader, run: checkpoint.run, batchJobs: options.batch, control)
    if let rate = options.rate { bucket = TokenBucket(perSecond: Double(rate), capacity: options.batch, now: now) }
    let ledger = try RunLedger(checkpoint, options, source) { [weak self] jobs in self?.collector?.add(jobs) }
    self.ledger = ledger
    if let path = options.results, let journal = options.journal {
      let results: EarlierResults
      do throws(FileBytes.Failure) {
        results =
          options.isResuming
          ? try EarlierResults(results: path, journal: journal, journalBytes: checkpoint.idsBytes) : EarlierResults()
      } catch {
        throw .failed(.failure, "what was collected in \(path) cannot be read: \(error)")
      }
      collector = try ResultCollector(path, results, call.settings, patience: options.patience, control)
      collector?.start()
    }
    // The run's id must be on the disk before the first job is sent: keys are made of it.
    do throws(FileBytes.Failure) {
      try ledger.save()
    } catch {
      throw .failed(
        .failure,
        "the checkpoint \(options.checkpoint ?? "") cannot be written: \(error)\n  --checkpoint FILE puts it elsewhere")
    }
  }

  // MARK: Sending

  private func feed() async throws(ProgramEnd) {
    while !control.isEnding, let batch = try await maker?.next() {
      await control.wait { self.underWay < self.options.connections }
      if let collector {
        await control.wait { collector.open + self.jobsUnderWay + batch.lines.count <= self.options.window }
      }
      guard await mayStart(batch) else { return }
      underWay += 1
      jobsUnderWay += batch.lines.count
      EventLoop.spawn { await self.send(batch) }
    }
  }

  /// Waits for rate and backlog; whether the batch may be sent.
  private func mayStart(_ batch: Batch) async -> Bool {
    while !control.isEnding {
      let now = MonotonicClock.nowNanoseconds()
      guard let wait = bucket?.take(batch.lines.count, now: now), wait > 0 else { break }
      await control.pause(until: now + wait)
    }
    return await sender.mayStart(batch)
  }

  private func send(_ batch: Batch) async {
    let outcome = await sender.send(batch)
    underWay -= 1
    jobsUnderWay -= batch.lines.count
    if let outcome {
      do throws(ProgramEnd) {
        try ledger?.commit(batch.number, outcome, heading: maker?.heading ?? [])
      } catch {
        fail(error)
      }
    }
    control.changed.raise()
  }

  private func fail(_ end: ProgramEnd) {
    var text = end.errors[...]
    if text.hasPrefix("jobctl: ") { text = text.dropFirst(8) }
    if text.hasSuffix("\n") { text = text.dropLast() }
    control.end(.failed(end.code, String(text)))
  }

  // MARK: What is told

  private var progress: BackfillLine {
    guard let checkpoint = ledger?.checkpoint else { return BackfillLine() }
    let now = MonotonicClock.nowNanoseconds()
    let (jobs, bytes) = (Double(checkpoint.tally.accepted), Double(checkpoint.place.offset))
    meter.note(jobs, now: now)
    byteMeter.note(bytes, now: now)
    var line = BackfillLine(
      jobs: checkpoint.tally.accepted, rate: meter.perSecond(jobs, now: now), rejected: checkpoint.tally.rejected)
    if let size = source.size {
      line.fraction = size > 0 ? bytes / Double(size) : 1
      let speed = byteMeter.perSecond(bytes, now: now)
      if speed > 0, Double(size) > bytes { line.eta = (Double(size) - bytes) / speed }
    }
    line.results = collector.map { ($0.collected, $0.open) }
    line.note = control.isEnding ? "finishing what is under way" : sender.delay
    return line
  }

  private func end() -> ProgramEnd {
    let report = BackfillReport(
      checkpoint: ledger?.checkpoint ?? earlier, earlier: earlier.tally,
      nanoseconds: MonotonicClock.nowNanoseconds() - began,
      results: collector.map { ($0.succeeded, $0.others, $0.open) },
      stop: control.stop)
    guard control.stop == nil else { return report.stopped(options, call, keepsCheckpoint: !forgetUnsent()) }
    return report.finished(options, isJSON: call.settings.isJSON, leftovers: deleteFiles())
  }

  /// Takes the checkpoint away when not one job can be in, so that the same command can be given again; whether it did.
  private func forgetUnsent() -> Bool {
    guard !options.isResuming, !sender.mayHaveArrived, ledger?.checkpoint.place.offset == 0 else { return false }
    return deleteFiles().isEmpty
  }

  /// Deletes the checkpoint and what belongs to it; answers what could not be deleted.
  private func deleteFiles() -> [String] {
    [options.checkpoint, options.journal].compactMap { $0 }.filter { unlink($0) != 0 && errno != ENOENT }
  }
}
