import HTTPWire
import JSONWire
import Service
import Transport

/// Asks the API, and says what an error means for the one at the shell.
@EventLoop
final class APICaller: Sendable {
  private let client: HTTPClient
  /// For long polls: an answer may take the 50 s longer that it is asked to wait.
  private let patient: HTTPClient
  private let endpoint: Endpoint

  init(_ settings: Settings) {
    var options = HTTPClientOptions()
    options.timeout = settings.timeout
    options.connectTimeout = settings.timeout
    options.headers = ["Accept": "application/json", "User-Agent": "jobctl"]
    if let token = settings.token { options.headers.set("Authorization", "Bearer \(token)") }
    endpoint = settings.endpoint
    client = settings.client(options)
    options.timeout += .seconds(50)
    patient = settings.client(options)
  }

  /// Asks and returns the answer's JSON.
  ///
  /// - Parameter isLongPoll: whether the API is asked to wait, which it does for up to 50 s.
  /// - Throws: how jobctl ends: 4 for what does not exist, 69 when nobody answers, 75 when later may help, 78 when the
  ///   token is not good enough, else 1.
  func ask(
    _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
    isLongPoll: Bool = false
  ) async throws(ProgramEnd) -> JSONValue {
    var headers = headers
    if method != .get { headers.set("Content-Type", "application/json") }
    let answer: HTTPClientResponse
    do throws(HTTPClientError) {
      answer = try await (isLongPoll ? patient : client).send(method, target, headers: headers, body: body)
    } catch {
      throw .failed(
        .unavailable,
        "\(endpoint): \(error)\n  is the producer running there? --api or WHISPERCACHE_API says where it is")
    }
    guard (200..<300).contains(answer.status.code) else { throw Self.end(answer) }
    if answer.body.isEmpty { return .null }
    do throws(JSONError) {
      return try JSONDocument(answer.body, limits: JSONLimits(bytes: .max)).root
    } catch {
      throw .failed(.failure, "\(endpoint) answered with what is not JSON; is it the producer's API port?")
    }
  }

  private static func end(_ answer: HTTPClientResponse) -> ProgramEnd {
    let code: ExitCode =
      switch Int(answer.status.code) {
      case 404: .notFound
      case 401, 403: .configuration
      case 408, 429, 502, 503, 504: .temporaryFailure
      default: .failure
      }
    var lines = "the API answered \(answer.status.code)"
    do throws(JSONError) {
      let problem = try JSONDocument(answer.body).root
      if let title = problem["title"]?.asString { lines += ": \(title)" }
      if let detail = problem["detail"]?.asString { lines += "\n  \(detail)" }
      for error in problem["errors"]?.elements ?? JSONValue.null.elements {
        lines += "\n  \(error["pointer"]?.asString ?? ""): \(error["detail"]?.asString ?? "")"
      }
    } catch {
      lines += ", without a problem document; is it the producer's API port?"
    }
    if code == .configuration { lines += "\n  give a key or token with --token-file FILE" }
    return .failed(code, lines)
  }
}
