import HTTPWire
import Transport

/// What requests spent on waiting for a job because they asked to; metrics leave it out, as it says nothing of the service.
@EventLoop
final class WaitTimes {
  private var times: [RequestID: Duration] = [:]

  nonisolated init() {}

  /// Adds a wait to a request.
  func add(_ time: Duration, to request: RequestID) { times[request, default: .zero] += time }

  /// The waits of a request, once.
  func take(_ request: RequestID) -> Duration { times.removeValue(forKey: request) ?? .zero }
}
