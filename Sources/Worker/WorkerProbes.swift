import HTTPWire
import Jobs
import RedisWire
import Service
import Transport

/// The worker's only HTTP: probes and metrics on METRICS_PORT.
@EventLoop
final class WorkerProbes {
  private let server: HTTPServer

  init(crew: WorkerCrew, commands: RedisClient, metrics: ProgramMetrics) {
    var router = Router()
    ProbeRoutes(
      checks: {
        let mode = crew.processor.mode
        return [
          commands.isConnected
            ? ReadinessCheck("redis", .pass, detail: "connected")
            : ReadinessCheck("redis", .fail, detail: "not connected; check REDIS_URL and that Redis runs"),
          ReadinessCheck("claiming", mode == .running ? .pass : .fail, detail: "\(mode)"),
        ]
      }, metrics: { metrics.registry.exposition() }
    ).add(to: &router)
    var options = HTTPServerOptions()
    options.maxConnections = 256
    server = HTTPServer(router: router, options: options)
  }

  /// Listens; answers the port, which is the system's choice when 0 was asked for.
  func listen(address: String, port: Int) throws(TransportError) -> Int {
    try server.listen(on: .tcp(host: address, port: port))
  }

  func close() async { await server.shutdown(within: .milliseconds(200)) }
}
