import HTTPWire
import JSONWire
import Jobs
import Service
import Transport

/// One bulk: reads lines as fast as Redis takes their jobs and the caller takes their answers.
///
/// Two tasks: one reads and sends calls of Redis, several at a time; the other writes answers in the order of the lines. Behind a
/// proxy the second begins when the first has ended: nginx sends no more of a body once the answer has begun.
@EventLoop
final class BulkSession {
  /// What sessions share.
  struct Tools {
    var store: JobStore
    var reader: JobRequestReader
    var maker: JobMaker
    var fingerprints: FingerprintSource
    var access: AccessControl
    var owners: JobOwners
    var metrics: JobMetrics
    var timing: StoreTiming
    var spans: RequestSpans?
    var log: Logger
    var isEnding: @EventLoop @Sendable () -> Bool
  }

  /// Calls of Redis under way at once.
  private static let mostCalls = 8
  /// Lines that are read and not answered yet. Enough that a caller who sends all before it reads gets far.
  private static let mostOpen = 32_768
  /// What lines that are read and not answered yet may hold, in bytes: jobs until Redis has them, and answers.
  private static let mostBytes = 8 << 20
  /// The same, where answers are held back until the body has ended; what is beyond is not read.
  private static let mostHeldLines = 65_536
  private static let mostHeldBytes = 16 << 20
  /// How long the session works before it lets others have the loop.
  private static let slice: Int64 = 4_000_000

  private let tools: Tools
  private let limiter = LogLimiter(interval: .seconds(5))
  private let viewer: Viewer
  private let trace: RequestTrace?
  private var splitter: LineSplitter
  private var ledger = BulkLedger()
  private var batcher = BulkBatcher()
  private var fingerprint: Fingerprint?
  private var line = 0
  private var calls = 0
  private var stopped: String?
  private var reading: Task<Void, Never>?
  private var hasRead = false
  /// Whether nothing is written before the body has ended.
  private let isHolding: Bool
  private var sliceBegan: Int64 = 0
  /// Rings for the reading task: there is room again.
  private let room = WakeSignal()
  /// Rings for the writing task: there are answers, or the end.
  private let news = WakeSignal()

  init(_ tools: Tools, viewer: Viewer, trace: RequestTrace?, isHolding: Bool) {
    self.tools = tools
    self.isHolding = isHolding
    self.viewer = viewer
    self.trace = trace
    splitter = LineSplitter(limit: tools.reader.maxBytes)
  }

  /// Begins to read. Of a session that holds its answers back it returns when the body has ended, or is too long for that.
  func begin(_ body: RequestBody) async throws {
    reading = EventLoop.spawn {
      do throws(HTTPStreamError) {
        try await self.read(body)
      } catch {
        if self.stopped == nil { self.stopped = error.code }
      }
      self.hasRead = true
      self.news.raise()
    }
    while isHolding, !hasRead {
      let seen = news.generation
      await news.wait(after: seen)
      if Task.isCancelled {
        reading?.cancel()
        throw CancellationError()
      }
    }
  }

  /// Writes the answers, to the end of the body or of the connection.
  func answer(_ writer: ResponseWriter) async throws {
    defer { reading?.cancel() }
    var output = JSONWriter(capacity: 64 * 1024)
    while true {
      let seen = news.generation
      ledger.write(to: &output, limit: 256)
      if !output.bytes.isEmpty {
        room.raise()
        try await writer.write(output.bytes)
        output.removeAll()
        await rest()
        continue
      }
      if hasRead, calls == 0, batcher.isEmpty { break }
      await news.wait(after: seen)
      if Task.isCancelled { throw CancellationError() }
    }
    ledger.writeSummary(to: &output, stopped: stopped)
    try await writer.write(output.bytes)
  }

  /// Reads no further; what was read is answered, and the last line says that it is not all.
  func end() {
    if hasRead || stopped != nil { return }
    stopped = "shutting-down"
    reading?.cancel()
  }

  // MARK: Reading

  private func read(_ body: RequestBody) async throws(HTTPStreamError) {
    defer { sendAll() }
    while let chunk = try await body.next() {
      sliceBegan = MonotonicClock.nowNanoseconds()
      splitter.feed(chunk)
      while let line = splitter.next() {
        await take(line)
        if Task.isCancelled || stopped != nil { return }
      }
      // A part of a batch goes out when none is under way; else with the next lines, or when a call has come back.
      if calls == 0 { sendAll() }
    }
    if let line = splitter.finish() { await take(line) }
  }

  private func take(_ line: LineSplitter.Line) async {
    self.line += 1
    switch line {
    case .tooLong:
      refuse(
        Problem(
          .contentTooLarge, "payload-too-large", "The line is too long",
          detail: "A line may be \(tools.reader.maxBytes) bytes long."))
    case .text(let text):
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return }
      await take(BulkLine(text, tools.reader), text)
    }
    if self.line & 7 == 0 { await rest() }
    if isHolding {
      if ledger.open >= Self.mostHeldLines || ledger.bytes >= Self.mostHeldBytes { stopped = "too-long-behind-a-proxy" }
      while calls >= Self.mostCalls, !Task.isCancelled {
        let seen = room.generation
        await room.wait(after: seen)
      }
      return
    }
    while calls >= Self.mostCalls || ledger.open >= Self.mostOpen || ledger.bytes >= Self.mostBytes {
      if Task.isCancelled { return }
      // The lines that the answers wait for may still be here, with nothing under way that would send them.
      if calls == 0 { sendAll() }
      let seen = room.generation
      await room.wait(after: seen)
    }
  }

  private func take(_ line: BulkLine, _ text: [UInt8]) async {
    do {
      let request = try line.request.get()
      if fingerprint == nil, line.key != nil || request.unique != nil {
        fingerprint = try await tools.fingerprints.get()
      }
      let job = try tools.maker.make(
        request, fingerprint: fingerprint, key: line.key, body: text, owner: viewer.owner, trace: trace?.own)
      let number = ledger.add(line: self.line, ref: line.ref, bytes: job.payload.count)
      if let batch = batcher.add(job, number: number) { send(batch) }
    } catch let error as JobError {
      tools.log.warning("a line of a bulk failed", [.error(error)])
      refuse(Problem(error), ref: line.ref, isRetryable: error.isRetryable)
    } catch let problem as Problem {
      refuse(problem, ref: line.ref)
    } catch {
      refuse(Problem(.internalError, "internal", "Something went wrong here"), ref: line.ref)
    }
  }

  private func refuse(_ problem: Problem, ref: [UInt8] = [], isRetryable: Bool = false) {
    _ = ledger.add(line: line, ref: ref, .refused(problem, isRetryable: isRetryable))
    news.raise()
  }

  /// Lets others have the loop when this session has had it for long enough.
  private func rest() async {
    guard MonotonicClock.nowNanoseconds() - sliceBegan > Self.slice else { return }
    // A round of the loop with its events and timers, which `Task.yield` alone would not let pass.
    await withCheckedContinuation { continuation in EventLoop.after(.zero) { continuation.resume() } }
    sliceBegan = MonotonicClock.nowNanoseconds()
  }

  // MARK: Calls

  private func sendAll() {
    for batch in batcher.takeAll() { send(batch) }
  }

  private func send(_ batch: BulkBatcher.Batch) {
    calls += 1
    EventLoop.spawn {
      let began = MonotonicClock.nowNanoseconds()
      let results = await self.tools.store.enqueue(batch.jobs)
      self.tools.timing.note(.enqueue, since: began)
      let duplicates = await self.visibleDuplicates(results)
      self.settle(batch, results, duplicates, since: began)
      self.calls -= 1
      if self.calls == 0 { self.sendAll() }
      self.room.raise()
      self.news.raise()
    }
  }

  /// The jobs that hold unique keys of the batch and that the caller may know of.
  private func visibleDuplicates(_ results: [Result<EnqueueScript.Outcome, JobError>]) async -> Set<JobID> {
    var ids: Set<JobID> = []
    for case .success(.duplicate(let id)) in results { ids.insert(id) }
    if ids.isEmpty { return [] }
    do throws(JobError) {
      return try await tools.owners.visible(ids, to: viewer)
    } catch {
      // The lines are refused all the same, without a name.
      tools.log.log(.warning, limitedBy: limiter, key: error.code, "owners of jobs cannot be read", [.error(error)])
      return []
    }
  }

  private func settle(
    _ batch: BulkBatcher.Batch, _ results: [Result<EnqueueScript.Outcome, JobError>], _ visible: Set<JobID>,
    since began: Int64
  ) {
    for (index, result) in results.enumerated() {
      let job = batch.jobs[index]
      let number = batch.numbers[index]
      switch result {
      case .success(.created):
        tools.metrics.enqueued[job.id.queue.text, job.kind.text].increment()
        tools.spans?.enqueued(job, by: trace, since: began)
        ledger.settle(number, .accepted(job.id))
      case .success(.replayed(let id)): ledger.settle(number, .replayed(id))
      case .success(.conflict): ledger.settle(number, .refused(.keyReused, isRetryable: false))
      case .success(.duplicate(let id)):
        ledger.settle(number, .refused(.duplicate(of: visible.contains(id) ? id : nil), isRetryable: false))
      case .success(.full):
        ledger.settle(number, .refused(Problem(JobError.queueFull(job.id.queue)), isRetryable: true))
      case .failure(let error):
        ledger.settle(number, .refused(Problem(error), isRetryable: error.isRetryable || error.isOutage))
      }
    }
    if case .failure(let error)? = results.first {
      tools.log.log(.warning, limitedBy: limiter, key: error.code, "jobs of a bulk failed", [.error(error)])
    }
  }
}

extension JobError {
  /// Whether Redis was away, so that a repetition helps.
  fileprivate var isOutage: Bool {
    if case .storeUnavailable = self { true } else { false }
  }
}
