import HTTPWire
import JSONWire
import Service
import Transport

/// Collects the results of a backfill's jobs as they end, and writes them to a file.
@EventLoop
final class ResultCollector {
  /// Calls under way at once.
  private static let connections = 16
  /// How long one call waits for the end of a job, in seconds.
  private static let poll = 5

  private let client: HTTPClient
  private let control: RunControl
  private let file: AppendFile
  private var queue = ResultQueue()
  private var outage: Outage
  private var buffer: [UInt8] = []
  /// Writes the buffer soon; nil when it is empty.
  private var flushing: LoopTimer?
  private(set) var succeeded: Int
  /// Jobs that are dead, cancelled or gone.
  private(set) var others: Int
  /// Raised when there is something to look at.
  private let news = WakeSignal()

  /// - Parameter earlier: what was collected before.
  /// - Throws: how the program ends when the file cannot be opened.
  init(
    _ path: String, _ earlier: EarlierResults, _ settings: Settings, patience: Duration, _ control: RunControl
  ) throws(ProgramEnd) {
    do throws(FileBytes.Failure) {
      file = try AppendFile(path, length: earlier.length)
    } catch {
      throw .failed(.failure, "--wait \(path): \(error)")
    }
    var options = HTTPClientOptions()
    options.timeout = settings.timeout + .seconds(Self.poll)
    options.connectTimeout = settings.timeout
    options.idleConnections = Self.connections
    options.headers = ["Accept": "application/json", "User-Agent": "jobctl"]
    if let token = settings.token { options.headers.set("Authorization", "Bearer \(token)") }
    client = settings.client(options)
    outage = Outage(patience: patience)
    self.control = control
    succeeded = earlier.succeeded
    others = earlier.others
    queue.add(earlier.open)
  }

  /// Jobs that are in and have no result yet.
  var open: Int { queue.count }
  var collected: Int { succeeded + others }

  /// Begins to collect.
  func start() {
    for _ in 0..<Self.connections { EventLoop.spawn { await self.work() } }
  }

  /// Jobs went in.
  func add(_ jobs: [AcceptedJob]) {
    queue.add(jobs)
    news.raise()
  }

  /// Waits for the last result; returns early when the run ends.
  func finish() async { await control.wait { self.queue.count == 0 } }

  /// Writes what is collected, and with `toDisk` waits until it is there.
  func flush(toDisk: Bool = false) {
    flushing?.cancel()
    flushing = nil
    do throws(FileBytes.Failure) {
      if !buffer.isEmpty { try file.append(buffer) }
      buffer.removeAll(keepingCapacity: true)
      if toDisk { try file.sync() }
    } catch {
      control.end(.failed(.temporaryFailure, "the results cannot be written: \(error)"))
    }
  }

  private func work() async {
    while !control.isEnding {
      let seen = news.generation
      let now = MonotonicClock.nowNanoseconds()
      if let look = queue.next(now: now) {
        await settle(look)
        continue
      }
      let due = queue.nextDue.map { max(0, $0 - now) } ?? 1_000_000_000
      let timer = EventLoop.after(.nanoseconds(min(due, 1_000_000_000))) { self.news.raise() }
      await news.wait(after: seen)
      timer.cancel()
    }
  }

  /// Looks at a job, and once more with patience when it may end soon.
  private func settle(_ look: ResultQueue.Look) async {
    for wait in [0, Self.poll] {
      guard let job = await read(look, wait: wait) else { return }
      switch job["state"]?.asString {
      case _ where job["done"]?.asBool == true:
        return ended(look, ResultLine.text(look.job, job), isSuccess: job["state"]?.isString("succeeded") == true)
      case "scheduled", "retrying": return queue.sleeps(look, now: MonotonicClock.nowNanoseconds())
      default: continue
      }
    }
    queue.waits(look)
  }

  /// The job's document; nil when it is settled here, or the run ends.
  private func read(_ look: ResultQueue.Look, wait: Int) async -> JSONValue? {
    let target = PathText.job(look.job.id) + (wait > 0 ? "?wait=\(wait)" : "")
    while !control.isEnding {
      await control.pause(until: outage.until)
      let sentAt = MonotonicClock.nowNanoseconds()
      do throws(HTTPClientError) {
        let answer = try await client.send(.get, target)
        let document = Self.document(answer.body)
        switch Int(answer.status.code) {
        case 200:
          outage.ended()
          return document
        case 404, 410:
          outage.ended()
          ended(look, ResultLine.gone(look.job, problem: document), isSuccess: false)
          return nil
        case 408, 429, 500...599:
          let after = answer.headers["Retry-After"].flatMap { Int64($0) }.map {
            Duration.seconds(max(0, min($0, 86_400)))
          }
          failed("the API answered \(answer.status.code)", sentAt, after)
        default:
          control.end(
            .failed(
              [401, 403].contains(answer.status.code) ? .configuration : .temporaryFailure,
              "the API answered \(answer.status.code) to a look at a job"))
        }
      } catch {
        failed("\(error)", sentAt, nil)
      }
    }
    return nil
  }

  private func ended(_ look: ResultQueue.Look, _ line: [UInt8], isSuccess: Bool) {
    queue.ended(look)
    if isSuccess { succeeded += 1 } else { others += 1 }
    buffer += line
    if buffer.count >= 256 * 1024 {
      flush()
    } else if flushing == nil {
      flushing = EventLoop.after(.milliseconds(200)) { self.flush() }
    }
    control.changed.raise()
  }

  private func failed(_ text: String, _ sentAt: Int64, _ after: Duration?) {
    let verdict = outage.failed(
      now: MonotonicClock.nowNanoseconds(), sentAt: sentAt, retryAfter: after, jitter: .random(in: 0...1))
    if verdict == .giveUp {
      control.end(.failed(.temporaryFailure, "no result came for as long as --retry-for allows; last: \(text)"))
    }
  }

  private static func document(_ body: [UInt8]) -> JSONValue {
    do throws(JSONError) {
      return try JSONDocument(body, limits: JSONLimits(bytes: .max)).root
    } catch {
      return .null
    }
  }
}
