import Service
import Transport

/// Sends a batch until each of its lines has its answer, whatever comes between: overload, full queues, lost connections.
@EventLoop
final class BatchSender {
  private let caller: BulkCaller
  private let control: RunControl
  private var outage: Outage
  private var backlog: BacklogGate?
  /// Whether the API has ever answered in this run.
  private var hasAnswer = false
  /// Whether a call may have arrived, so that jobs may be in.
  private(set) var mayHaveArrived = false
  /// Why nothing goes in at the moment; nil while it does.
  private(set) var delay: String?

  init(_ caller: BulkCaller, patience: Duration, maxBacklog: Int?, _ control: RunControl) {
    backlog = maxBacklog.map { BacklogGate(limit: $0) }
    self.caller = caller
    self.control = control
    outage = Outage(patience: patience)
  }

  /// Sends a batch that may start; nil when the run ended before it was done.
  func send(_ batch: Batch) async -> BatchOutcome? {
    defer { if backlog != nil { backlog?.ended(Self.queues(batch)) } }
    var progress = BatchProgress(batch)
    while !progress.isDone {
      await control.pause(until: outage.until)
      if control.isEnding { return nil }
      let sentAt = MonotonicClock.nowNanoseconds()
      switch await caller.send(progress.body) {
      case .answer(let bytes):
        (hasAnswer, mayHaveArrived) = (true, true)
        do throws(BatchProgress.Failure) {
          if try progress.take(bytes) { heal() }
        } catch {
          control.end(
            .failed(.temporaryFailure, "the API's answer to a bulk cannot be read; is it the producer's API port?"))
          return nil
        }
        if !progress.isDone { failed(progress.lastDelay ?? "the answer was cut", sentAt, after: nil) }
      case let reply: note(reply, sentAt)
      }
    }
    return progress.outcome
  }

  /// Waits while the backlog is as long as it may be; whether the batch may be sent.
  func mayStart(_ batch: Batch) async -> Bool {
    guard backlog != nil else { return !control.isEnding }
    let queues = Self.queues(batch)
    var isFresh = false
    while !control.isEnding {
      switch backlog?.mayStart(queues, isFresh: isFresh) {
      case .send?, nil: return true
      case .look(let queue)?:
        await control.pause(until: outage.until)
        if control.isEnding { return false }
        let sentAt = MonotonicClock.nowNanoseconds()
        switch await caller.ready(in: queue) {
        case .success(let count):
          hasAnswer = true
          heal()
          backlog?.saw(count, in: queue)
          isFresh = true
        case .failure(let unknown): note(unknown.reply, sentAt)
        }
      case .wait(let queue)?:
        delay = "\(queue) has its backlog"
        await control.pause(until: MonotonicClock.nowNanoseconds() + 250_000_000)
        isFresh = false
      }
    }
    return false
  }

  /// How many of its jobs go to each queue.
  private static func queues(_ batch: Batch) -> [String: Int] {
    batch.lines.reduce(into: [:]) { queues, line in
      if let queue = QueueOfJob.name(line.job) { queues[queue, default: 0] += 1 }
    }
  }

  private func heal() {
    outage.ended()
    delay = nil
  }

  private func note(_ reply: BulkCaller.Reply, _ sentAt: Int64) {
    switch reply {
    case .answer: break
    case .later(let text, let after):
      (hasAnswer, mayHaveArrived) = (true, true)
      failed(text, sentAt, after: after)
    case .lost(let text, let isConnected):
      mayHaveArrived = mayHaveArrived || isConnected
      // Who has never been there is more likely somewhere else than away.
      guard hasAnswer || isConnected else {
        return control.end(
          .failed(.unavailable, "\(text)\n  is the producer running there? --api or WHISPERCACHE_API says where it is"))
      }
      failed(text, sentAt, after: nil)
    case .refused(let code, let text): control.end(.failed(code, text))
    }
  }

  private func failed(_ text: String, _ sentAt: Int64, after: Duration?) {
    delay = text
    let verdict = outage.failed(
      now: MonotonicClock.nowNanoseconds(), sentAt: sentAt, retryAfter: after, jitter: .random(in: 0...1))
    if verdict == .giveUp {
      control.end(.failed(.temporaryFailure, "nothing went in for as long as --retry-for allows; last: \(text)"))
    }
  }
}
