import HTTPWire
import Jobs
import RedisWire
import Service
import Transport

/// Whether Redis answers, and whether its settings keep the promises: what `/readyz` says, looked up ahead of the question.
@EventLoop
final class RedisHealth {
  private static let pingInterval = Duration.seconds(1)
  private static let checkInterval: Int64 = 30_000_000_000
  /// An answer that is older than this is no sign of life.
  private static let longestSilence: Int64 = 3_000_000_000

  private let store: JobStore
  private let timing: StoreTiming
  private let log: Logger
  private lazy var timer = LoopTimer { [weak self] in self?.tick() }
  private var answeredAt: Int64?
  private var checkedAt: Int64?
  private var findings: [ServerFinding] = []
  private var isBusy = false

  init(store: JobStore, timing: StoreTiming, log: Logger) {
    self.store = store
    self.timing = timing
    self.log = log
  }

  /// Begins to look.
  func start() { tick() }

  /// Looks no more.
  func stop() { timer.cancel() }

  /// Whether Redis has answered lately.
  var isUp: Bool {
    guard store.client.isConnected, let answeredAt else { return false }
    return MonotonicClock.nowNanoseconds() - answeredAt <= Self.longestSilence
  }

  /// The connection, and what was found about the server.
  var checks: [ReadinessCheck] {
    let redis = ReadinessCheck(
      "redis", isPassing: isUp, detail: isUp ? "answers" : "does not answer; see that Redis runs, and REDIS_URL")
    return [redis]
      + findings.map { finding in
        let outcome: ReadinessCheck.Outcome =
          switch finding.severity {
          case .notice: .pass
          case .warning: .warn
          case .error: .fail
          }
        return ReadinessCheck("redis_\(finding.code)", outcome, detail: finding.description)
      }
  }

  private func tick() {
    timer.schedule(after: Self.pingInterval)
    guard !isBusy else { return }
    isBusy = true
    EventLoop.spawn {
      await self.look()
      self.isBusy = false
    }
  }

  private func look() async {
    do throws(RedisError) {
      let began = MonotonicClock.nowNanoseconds()
      _ = try await store.client.execute(RedisCommand("PING"))
      timing.note(.ping, since: began)
      answeredAt = MonotonicClock.nowNanoseconds()
    } catch {
      return
    }
    if let checkedAt, MonotonicClock.nowNanoseconds() - checkedAt < Self.checkInterval { return }
    do throws(JobError) {
      let found = try await store.checkServer()
      report(found.filter { !findings.contains($0) })
      findings = found
      checkedAt = MonotonicClock.nowNanoseconds()
    } catch {
      log.debug("the settings of redis could not be checked", [.error(error)])
    }
  }

  /// Looks again at the settings with the next answer, as the server may be another one.
  func reconnected() { checkedAt = nil }

  private func report(_ fresh: [ServerFinding]) {
    for finding in fresh {
      let level: LogLevel =
        switch finding.severity {
        case .notice: .info
        case .warning: .warning
        case .error: .error
        }
      log.log(level, "redis: \(finding)", [.string("finding", finding.code)])
    }
  }
}
