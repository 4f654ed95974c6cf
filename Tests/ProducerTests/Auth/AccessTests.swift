import HTTPWire
import TestSupport
import Testing

@testable import Producer

@Suite("Who may call")
struct AccessTests {
  private static let key = "canary-api-key-" + TokenMint.secret.suffix(32)
  private static let reader = "canary-reader-" + TokenMint.secret.suffix(32)

  /// Runs a test with keys of a reader and of an operator, and tokens.
  private func withAccess(_ body: (LiveProducer) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    let lines = "ops \(try TokenMint.hash(Self.key)) admin\nreader \(try TokenMint.hash(Self.reader)) jobs:read\n"
    let path = try folder.write(lines, to: "keys")
    try await withProducer(["API_KEYS_FILE": path, "JWT_SECRET": TokenMint.secret], body)
    withExtendedLifetime(folder) {}
  }

  @Test("without keys and secret everything is open")
  func open() async throws {
    try await withProducer { producer in
      let submitted = try await producer.submit()
      #expect(submitted.status == 202)
      let read = try await producer.http.get("/api/v1/queues", ["Authorization": "nonsense"])
      #expect(read.status == 200)
    }
  }

  @Test("a call without a token is 401 with a challenge, on every path under /api/v1")
  func missing() async throws {
    try await withAccess { producer in
      for (method, path) in [
        ("GET", "/api/v1/queues"), ("GET", "/api/v1/jobs/x"), ("GET", "/api/v1/nothing"),
        ("GET", "/api/v1"), ("GET", "/api/v1/events"), ("POST", "/api/v1/jobs"), ("POST", "/api/v1/jobs/bulk"),
        ("DELETE", "/api/v1/jobs/x"), ("PATCH", "/api/v1/queues/test"), ("GET", "/api/v1/circuits"),
      ] {
        let answer = try await producer.http.request(method, path, ["Content-Type": "application/json"], body: [])
        #expect(answer.status == 401, "\(method) \(path)")
        #expect(answer.headers["www-authenticate"] == #"Bearer realm="whispercache""#)
        #expect(answer.slug == "unauthorized")
      }
      #expect(try producer.redis.command("EXISTS", "wc:queues").int == 0)
      let head = try RawClient(port: producer.http.port)
      try await head.send("HEAD /api/v1/queues HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(try await head.readAll().hasPrefix("HTTP/1.1 401 "))
    }
  }

  @Test("probes, metrics, the guide's endpoints, the version and OPTIONS need none")
  func everybody() async throws {
    try await withAccess { producer in
      for path in [
        "/livez", "/readyz", "/healthz", "/metrics", "/version", "/api", "/api/health", "/api/metrics/stats",
      ] {
        #expect(try await producer.http.get(path).status == 200, "\(path)")
      }
      #expect(try await producer.http.request("OPTIONS", "/api/v1/jobs").status == 204)
      let preflight = try await producer.http.request(
        "OPTIONS", "/api/v1/jobs", ["Origin": "http://localhost:1", "Access-Control-Request-Method": "POST"])
      #expect(preflight.headers["access-control-allow-headers"]?.contains("Authorization") == true)
    }
  }

  @Test("scopes: GET reads, other methods write, queues, dead letters and workers are the operator's")
  func scopes() async throws {
    try await withAccess { producer in
      let read = TokenMint.bearer(try TokenMint.token(scope: "jobs:read"))
      let write = TokenMint.bearer(try TokenMint.token(scope: "jobs:write"))
      let none = TokenMint.bearer(try TokenMint.token(scope: "openid"))
      let admin = TokenMint.bearer(Self.key)
      let job = #"{"kind":"test.noop","payload":{}}"#
      let calls: [(String, String, String, Scope)] = [
        ("GET", "/api/v1/queues", "", .jobsRead), ("GET", "/api/v1/workers/w", "", .jobsRead),
        ("POST", "/api/v1/jobs", job, .jobsWrite), ("DELETE", "/api/v1/jobs/test.x", "", .jobsWrite),
        ("PATCH", "/api/v1/queues/test", #"{"max_depth":5}"#, .admin),
        ("POST", "/api/v1/queues/test/pause", "{}", .admin),
        ("POST", "/api/v1/queues/test/resume", "{}", .admin), ("POST", "/api/v1/dead/requeue", "{}", .admin),
        ("POST", "/api/v1/dead/purge", "{}", .admin), ("POST", "/api/v1/workers/w/quiet", "{}", .admin),
      ]
      for (method, path, body, scope) in calls {
        for (token, scopes) in [(read, [Scope.jobsRead]), (write, [.jobsWrite]), (none, []), (admin, Scope.allCases)] {
          let answer = try await producer.http.request(
            method, path, ["Content-Type": "application/json"].merging(token) { $1 }, body: Array(body.utf8))
          let place = Comment("\(method) \(path) \(scopes): \(answer)")
          if scopes.contains(scope) {
            #expect(answer.status != 401 && answer.status != 403, place)
          } else {
            #expect(answer.status == 403, place)
            #expect(
              answer.headers["www-authenticate"]?.contains(#"error="insufficient_scope", scope="\#(scope.rawValue)""#)
                == true, place)
            #expect(answer.slug == "forbidden" && answer.json["scope"].string == scope.rawValue, place)
            #expect(answer.json["detail"].string?.contains(scope.rawValue) == true, place)
          }
        }
      }
      #expect(try await producer.http.get("/api/v1/queues", TokenMint.bearer(Self.reader)).status == 200)
    }
  }

  @Test("wrong tokens are 401 and counted by reason; reasons are there as 0 from the start")
  func wrong() async throws {
    try await withAccess { producer in
      let start = try await producer.http.get("/metrics").text
      for reason in AuthFailure.allCases {
        #expect(start.contains(#"auth_failures_total{reason="\#(reason.rawValue)"} 0"#), "\(reason)")
      }
      let cases: [(String, AuthFailure)] = [
        ("Basic dTpw", .malformed), ("Bearer", .malformed), ("Bearer ", .malformed), ("Bearer a b", .malformed),
        ("Bearer \(String(repeating: "a", count: 5000))", .malformed), ("Bearer nobody-has-this", .unknownKey),
        ("Bearer a.b.c", .malformed), ("Bearer \(try TokenMint.token(claims: #"{"sub":"a","exp":1}"#))", .expired),
        ("Bearer \(try TokenMint.token(claims: "{}", secret: "other"))", .badSignature),
      ]
      for (field, reason) in cases {
        let before = try await Self.count(producer, reason)
        let answer = try await producer.http.get("/api/v1/queues", ["Authorization": field])
        #expect(answer.status == 401 && answer.slug == "unauthorized", "\(field.prefix(40))")
        #expect(answer.headers["www-authenticate"]?.contains("error=") == true)
        #expect(try await Self.count(producer, reason) == before + 1, "\(reason)")
      }
      #expect(try await producer.http.get("/api/v1/queues", ["Authorization": "bEaReR  \(Self.key)"]).status == 200)
      let client = try RawClient(port: producer.http.port)
      try await client.send(
        "GET /api/v1/queues HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(Self.key)\r\n"
          + "Authorization: Bearer \(Self.key)\r\nConnection: close\r\n\r\n")
      #expect(try await client.readAll().hasPrefix("HTTP/1.1 401 "))
    }
  }

  @Test("no token and no secret shows in a log line, an answer or the metrics")
  func canaries() async throws {
    try await withAccess { producer in
      let token = try TokenMint.token(sub: "mallory", scope: "jobs:write")
      let guess = "canary-guess-" + TokenMint.secret.prefix(20)
      for bearer in [token, Self.key, guess, token + "x", "Basic " + guess] {
        for path in ["/api/v1/queues", "/api/v1/jobs", "/api/v1/nothing", "/metrics", "/api/v1/jobs?limit=x"] {
          let answer = try await producer.http.get(path, TokenMint.bearer(bearer))
          #expect(!answer.description.contains(bearer))
        }
      }
      #expect(try await producer.submit(headers: TokenMint.bearer(token)).status == 202)
      let log = producer.log.all.joined()
      #expect(log.contains("/api/v1/queues"))
      let signature = try #require(token.split(separator: ".").last)
      for canary in [TokenMint.secret, Self.key, Self.reader, guess, String(signature), try TokenMint.hash(Self.key)] {
        #expect(!log.contains(canary))
      }
    }
  }

  private static func count(_ producer: LiveProducer, _ reason: AuthFailure) async throws -> Int {
    let name = #"auth_failures_total{reason="\#(reason.rawValue)"} "#
    let line = try await producer.http.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix(name) }
    return try #require(line.flatMap { Int($0.dropFirst(name.count)) })
  }
}

extension LiveProducer {
  /// Submits a small job with fields.
  fileprivate func submit(headers: [String: String]) async throws -> PlainHTTP.Answer {
    try await submit(#"{"kind":"test.noop","payload":{}}"#, headers)
  }
}
