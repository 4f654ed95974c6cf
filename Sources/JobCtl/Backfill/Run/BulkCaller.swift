import HTTPWire
import JSONWire
import Service
import Transport

/// Sends batches to `POST /api/v1/jobs/bulk` and asks what else the API must say; tells failures that pass from those that stay.
@EventLoop
final class BulkCaller {
  /// What came of a call.
  enum Reply {
    /// The answer, whole or not.
    case answer([UInt8])
    /// Later may help; when the server says how much later, so long.
    case later(String, after: Duration?)
    /// There was no answer. `isConnected` when the call may have arrived.
    case lost(String, isConnected: Bool)
    /// It will not help to send it again.
    case refused(ExitCode, String)
  }

  private static let longestAnswer = 512 << 20

  private let client: HTTPClient
  private let endpoint: Endpoint

  init(_ settings: Settings, connections: Int) {
    var options = HTTPClientOptions()
    options.timeout = settings.timeout
    options.connectTimeout = settings.timeout
    options.bodyLimit = Self.longestAnswer
    options.idleConnections = connections
    options.headers = ["Accept": "application/x-ndjson, application/problem+json", "User-Agent": "jobctl"]
    if let token = settings.token { options.headers.set("Authorization", "Bearer \(token)") }
    endpoint = settings.endpoint
    client = settings.client(options)
  }

  /// Sends NDJSON.
  func send(_ body: [UInt8]) async -> Reply {
    do throws(HTTPClientError) {
      let answer = try await client.send(
        .post, "\(PathText.jobs)/bulk", headers: ["Content-Type": "application/x-ndjson"], body: body)
      return answer.status.code == 200 ? .answer(answer.body) : Self.reply(answer)
    } catch {
      return lost(error)
    }
  }

  /// How many jobs of a queue are ready; `answer` is never the case.
  func ready(in queue: String) async -> Result<Int, BacklogUnknown> {
    do throws(HTTPClientError) {
      let answer = try await client.send(.get, "/api/v1/queues/\(PathText.encoded(queue))")
      // A queue that nobody has put anything in yet.
      if answer.status.code == 404 { return .success(0) }
      guard answer.status.code == 200 else { return .failure(BacklogUnknown(reply: Self.reply(answer))) }
      do throws(JSONError) {
        let document = try JSONDocument(answer.body).root
        if let count = document[pointer: "/counts/ready"]?.asInt64 { return .success(Int(clamping: count)) }
      } catch {}
      return .failure(BacklogUnknown(reply: .refused(.failure, "\(endpoint) does not tell the queue's counts")))
    } catch {
      return .failure(BacklogUnknown(reply: lost(error)))
    }
  }

  private func lost(_ error: HTTPClientError) -> Reply {
    if case .connect = error { return .lost("\(error)", isConnected: false) }
    return .lost("\(error)", isConnected: true)
  }

  private static func reply(_ answer: HTTPClientResponse) -> Reply {
    let status = Int(answer.status.code)
    let text = "the API answered \(status)\(problem(answer.body))"
    switch status {
    case 408, 425, 429, 500, 502, 503, 504:
      let seconds = answer.headers["Retry-After"].flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
      return .later(text, after: seconds.map { .seconds(min($0, 1_000_000_000)) })
    case 401, 403: return .refused(.configuration, text + "\n  give a key or token with --token-file FILE")
    default: return .refused(.temporaryFailure, text)
    }
  }

  private static func problem(_ body: [UInt8]) -> String {
    do throws(JSONError) {
      let problem = try JSONDocument(body).root
      return [problem["title"], problem["detail"]].compactMap { $0?.asString }.map { ": \($0)" }.joined()
    } catch {
      return ", without a problem document; is it the producer's API port?"
    }
  }
}

/// Why it is not known how many jobs are ready.
struct BacklogUnknown: Error {
  let reply: BulkCaller.Reply
}
