public import Service
import Transport

/// What every program over the queue counts about itself: process, loop, Redis.
public final class ProgramMetrics: Sendable {
  /// The registry that is scraped.
  public let registry: MetricsRegistry
  /// How long calls of Redis take, by script or operation.
  public let redisOperations: MetricFamily<Histogram>
  /// Connections to Redis that were lost and made again.
  public let redisReconnects: Counter
  private let loopLag: Histogram

  /// A tick of the loop that is longer than this is logged.
  public static let longTick = Duration.seconds(1)

  /// Declares the metrics.
  public init(environment: [String: String]) {
    registry = MetricsRegistry()
    redisOperations = registry.histogram(
      "redis_operation_duration_seconds", help: "Calls of Redis, from sending to the answer.",
      labels: [.open("operation")], bounds: HistogramBounds.operation)
    redisReconnects = registry.counter(
      "redis_reconnects_total", help: "Connections to Redis that were lost and made again.")
    loopLag = registry.histogram(
      "loop_lag_seconds", help: "How long the event loop was busy at a stretch.", bounds: HistogramBounds.operation)
    BuildInfo.register(on: registry, environment: environment)
    ProcessMetrics.register(on: registry)
    ProcessMetrics.registerOperationsGuideNames(on: registry)
  }

  /// Begins to measure the loop; a tick of more than a second is logged.
  @EventLoop
  public func watchLoop(_ log: Logger) {
    EventLoop.onTick = { [loopLag] length in
      loopLag.observe(length)
      guard length > Self.longTick else { return }
      log.warning("the event loop was busy for too long", [.duration(length)])
    }
  }
}
