import Glibc
import HTTPWire
import JSONWire
import Transport

/// A server with the probes and one route that reads a job's request strictly and answers: HTTP and JSON without Redis.
@EventLoop
enum ServeBench {
  nonisolated static func run(_ arguments: Arguments) throws {
    EventLoop.spawn { serve() }
    while true { pause() }
  }

  private static func serve() {
    var router = Router()
    ProbeRoutes(checks: { [] }, metrics: nil).add(to: &router)
    router.immediate(.post, "/parse") { request in try answer(request) }
    let server = HTTPServer(router: router)
    do {
      let port = try server.listen(on: .tcp(host: "127.0.0.1", port: 0))
      Report.write { $0.field("port", port) }
    } catch {
      Report.fail(error)
    }
    EventLoop.spawn { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in _ = server } }
  }

  private static func answer(_ request: HTTPRequest) throws -> HTTPResponse {
    let document = try JSONDocument(request.body)
    var fields = JSONFieldReader(document.root)
    let kind = fields.string("kind", length: 1...64)
    let payload = fields.value("payload").rawBytes
    let queue = fields.optionalString("queue", length: 1...64) ?? "proof"
    let attempts = fields.optionalInt("max_attempts", in: 1...100) ?? 5
    let timeout = fields.optionalString("timeout", length: 1...16)
    let tags = fields.optionalStrings("tags", count: 0...16, length: 1...64) ?? []
    try fields.finish()
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("kind", kind)
      writer.field("queue", queue)
      writer.field("max_attempts", attempts)
      writer.field("bytes", payload.count + tags.count + (timeout?.utf8.count ?? 0))
    }
    return .json(writer.bytes, status: .accepted)
  }
}
