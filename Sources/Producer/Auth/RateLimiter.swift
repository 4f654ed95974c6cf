import HTTPWire
import Service
import Transport

/// Bounds how often a client may call: one with a token by its owner, any other by its address.
@EventLoop
final class RateLimiter {
  private let rate: Rate
  private let counts: SharedCounts
  private let access: AccessControl
  private let exceeded: Counter

  nonisolated init(_ rate: Rate, counts: SharedCounts, access: AccessControl, exceeded: Counter) {
    self.rate = rate
    self.counts = counts
    self.access = access
    self.exceeded = exceeded
  }

  /// The routes of `router`, with those under /api/v1 bounded.
  func bounding(_ router: Router) -> Router {
    var bounded = Router()
    for route in router.routes {
      guard AccessControl.isGuarded(route.template) else {
        bounded.add(route)
        continue
      }
      bounded.add(
        Route(
          route.method, route.template, options: route.options,
          handler: .async { request in try await self.answer(request, route.handler) }))
    }
    return bounded
  }

  private func answer(_ request: HTTPRequest, _ handler: RouteHandler) async throws -> HTTPResponse {
    let client =
      access.viewer(of: request).owner.map { "owner:\($0)" } ?? "address:" + CallerAddress.network(of: request.peer)
    let quota = await counts.count(callOf: client, rate)
    if let quota, !quota.isAllowed {
      exceeded.increment()
      throw Problem.rateLimited(rate, headers: fields(quota))
    }
    do {
      var response =
        switch handler {
        case .immediate(let handler): try handler(request)
        case .async(let handler): try await handler(request)
        }
      if let quota { response.headers.append(contentsOf: fields(quota)) }
      return response
    } catch var problem as Problem {
      if let quota { problem.headers.append(contentsOf: fields(quota)) }
      throw problem
    }
  }

  /// Source: draft-ietf-httpapi-ratelimit-headers-10.
  private func fields(_ quota: SharedCounts.Quota) -> HTTPHeaders {
    let reset = Self.seconds(quota.resetMs)
    var fields: HTTPHeaders = [
      "RateLimit-Policy": #""client";q=\#(rate.count);w=\#(Self.seconds(rate.period.wholeMilliseconds))"#,
      "RateLimit": #""client";r=\#(quota.left);t=\#(reset)"#,
    ]
    if !quota.isAllowed { fields.append("Retry-After", String(reset)) }
    return fields
  }

  /// Whole seconds, rounded up, at least 1.
  private static func seconds(_ milliseconds: Int64) -> Int64 { max(1, (milliseconds + 999) / 1000) }
}

extension Problem {
  fileprivate static func rateLimited(_ rate: Rate, headers: HTTPHeaders) -> Problem {
    Problem(
      .tooManyRequests, "rate-limited", "Too many calls",
      detail:
        "A client may call \(rate.count) times in \(DurationText.text(rate.period)). Send it again after Retry-After.",
      headers: headers)
  }
}
