import HTTPWire
import Service
import Transport

/// Decides before a route runs whether its caller may call it.
@EventLoop
final class AccessControl {
  private let settings: AccessSettings
  private let failures: MetricFamily<Counter>
  private let guesses: GuessGuard
  /// Seconds since 1970; tests give their own.
  private let now: @Sendable () -> Double

  nonisolated init(
    _ settings: AccessSettings, guesses: GuessGuard, metrics: MetricsRegistry,
    now: @escaping @Sendable () -> Double = { Double(WallClock.nowMs()) / 1000 }
  ) {
    self.settings = settings
    self.guesses = guesses
    self.now = now
    failures = metrics.counter(
      "auth_failures_total", help: "Calls that were refused for their token, or for the lack of one.",
      labels: [.closed("reason", AuthFailure.allCases.map(\.rawValue))], unprefixed: true)
  }

  /// The refusal of a request, or nil when its route may run.
  func answer(_ request: HTTPRequest) -> HTTPResponse? {
    guard !settings.isOpen, let scope = Self.scope(of: request) else { return nil }
    if let refusal = guesses.answer(request) { return refusal }
    do throws(AuthFailure) {
      let caller = try caller(of: request)
      guard caller.may(scope) else { throw .insufficientScope }
      return nil
    } catch {
      failures[error.rawValue].increment()
      if error.isGuess { guesses.note(request) }
      return Problem(error, scope).response(instance: request.path, requestID: request.id)
    }
  }

  /// What the sender of a request that was let in may see.
  func viewer(of request: HTTPRequest) -> Viewer {
    if settings.isOpen { return .everybody }
    guard let caller = identity(of: request) else { return Viewer(owner: nil, seesAll: false) }
    return Viewer(owner: caller.owner, seesAll: caller.may(.admin))
  }

  /// Whether everybody may do everything.
  var isOpen: Bool { settings.isOpen }

  /// Who sent a request that was let in; nil where there are no callers by name, and when the token has expired since.
  func identity(of request: HTTPRequest) -> Caller? {
    if settings.isOpen { return nil }
    do throws(AuthFailure) {
      return try caller(of: request)
    } catch {
      return nil
    }
  }

  /// Who calls.
  private func caller(of request: HTTPRequest) throws(AuthFailure) -> Caller {
    let token = try BearerToken.read(request.headers)
    if let tokens = settings.tokens, settings.keys == nil || SignedTokens.isShaped(token) {
      return try tokens.caller(token, now: now())
    }
    guard let keys = settings.keys else { throw .unknownKey }
    return try keys.caller(token)
  }

  /// What a request needs; nil when it is for everybody.
  ///
  /// By the path, so that one without a route is guarded too. OPTIONS says what a path allows and nothing else; browsers
  /// send it without tokens.
  nonisolated static func scope(of request: HTTPRequest) -> Scope? {
    let path = request.path
    guard isGuarded(path), request.method != .options else { return nil }
    if request.method == .get || request.method == .head { return .jobsRead }
    let isForOperators = [Paths.queues, Paths.dead, Paths.workers, Paths.schedules].contains {
      path.hasPrefix($0 + "/")
    }
    return isForOperators ? .admin : .jobsWrite
  }

  /// Whether a path, or the template of a route, is not for everybody.
  nonisolated static func isGuarded(_ path: String) -> Bool { path == "/api/v1" || path.hasPrefix("/api/v1/") }
}

extension Problem {
  /// 401, or 403 where the caller is known; with the challenge of RFC 6750 section 3.
  init(_ failure: AuthFailure, _ scope: Scope) {
    let realm = #"Bearer realm="whispercache""#
    switch failure {
    case .insufficientScope:
      self.init(
        .forbidden, "forbidden", "The token does not allow this",
        detail: "This call needs the scope \(scope.rawValue).",
        headers: ["WWW-Authenticate": #"\#(realm), error="insufficient_scope", scope="\#(scope.rawValue)""#])
      add("scope", scope.rawValue)
    case .missing:
      self.init(
        .unauthorized, "unauthorized", "The call needs a token", detail: failure.detail,
        headers: ["WWW-Authenticate": realm])
    default:
      let code = failure == .malformed ? "invalid_request" : "invalid_token"
      self.init(
        .unauthorized, "unauthorized", "The token is not valid", detail: failure.detail,
        headers: ["WWW-Authenticate": #"\#(realm), error="\#(code)", error_description="\#(failure.detail)""#])
    }
  }
}
