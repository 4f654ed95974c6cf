import HTTPWire
import JSONWire
import Jobs
import Transport

/// `GET /api/v1/jobs`: the jobs by queue, state and kind, a page at a time.
@EventLoop
final class ListRoutes {
  private let store: JobStore
  private let queues: QueueNames
  private let access: AccessControl
  private let maxAttempts: Int
  private let timing: StoreTiming

  init(store: JobStore, queues: QueueNames, access: AccessControl, maxAttempts: Int, timing: StoreTiming) {
    self.store = store
    self.queues = queues
    self.access = access
    self.maxAttempts = maxAttempts
    self.timing = timing
  }

  nonisolated func add(to router: inout Router) {
    router.on(.get, Paths.jobs) { try await self.list($0) }
  }

  private func list(_ request: HTTPRequest) async throws -> HTTPResponse {
    let query = try ListQuery(try request.query())
    let viewer = access.viewer(of: request)
    do throws(JobError) {
      let page = try await JobLister(store: store, timing: timing).page(query, of: try await queues.all()) {
        viewer.maySee($0)
      }
      return Self.answer(page, maxAttempts: maxAttempts, to: request)
    } catch {
      throw error.forCaller
    }
  }

  /// A page as JSON, with a Link to the next one.
  static func answer(
    _ page: JobLister.Page, maxAttempts: Int, to request: HTTPRequest,
    _ more: (inout JSONWriter) -> Void = { _ in }
  ) -> HTTPResponse {
    var writer = JSONWriter(capacity: 512 * (page.records.count + 1))
    writer.object { writer in
      writer.array("jobs") { writer in
        for record in page.records {
          JobDocument(record: record, result: nil, maxAttempts: maxAttempts, isListed: true).write(to: &writer)
        }
      }
      // Elements that somebody pushed by hand, and no worker has claimed: they have no id yet.
      writer.field("unadopted", page.raw)
      writer.field("scanned", page.scanned)
      writer.optional("next_cursor", page.next?.text)
      more(&writer)
    }
    var headers: HTTPHeaders = ["Cache-Control": "no-cache"]
    if let next = page.next { headers.append("Link", "<\(nextPage(request, next))>; rel=\"next\"") }
    return .json(writer.bytes, headers: headers)
  }

  /// The request's own path and filter with the next cursor.
  private static func nextPage(_ request: HTTPRequest, _ cursor: ListCursor) -> String {
    var items: [(name: String, value: String)] = []
    // The query was read before; what could not be read has been refused.
    do { items = try request.query().items.filter { $0.name != "cursor" } } catch {}
    items.append(("cursor", cursor.text))
    return request.path + "?" + items.map { "\($0.name)=\(PercentEncoding.query($0.value))" }.joined(separator: "&")
  }
}
