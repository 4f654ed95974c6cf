import TestSupport
import Testing

@testable import Producer

@Suite("Calls from web pages")
struct CrossOriginTests {
  @Test(
    "who may call",
    arguments: [
      ("localhost", "http://localhost:3000", true), ("localhost", "https://localhost", true),
      ("localhost", "http://127.0.0.1:8080", true), ("localhost", "http://[::1]:1", true),
      ("localhost", "http://localhost.evil.com", false), ("localhost", "http://localhost:1@evil.com", false),
      ("localhost", "http://evil.com", false), ("localhost", "null", false), ("localhost", "", false),
      ("localhost", "http://api.test:4000", false), ("localhost", "http://API.test:4000", false),
      ("localhost", "http://api.test", false), ("localhost", "file://", false),
      ("https://a.example,https://b.example:8443", "https://a.example", true),
      ("https://a.example,https://b.example:8443", "https://A.EXAMPLE", true),
      ("https://a.example,https://b.example:8443", "https://b.example", false),
      ("https://a.example,https://b.example:8443", "http://a.example", false),
      ("https://a.example,localhost", "http://localhost:5173", true),
      ("*", "https://anywhere.example", true), ("*", "null", true),
      ("none", "http://localhost", false), ("http://api.test:4000", "http://api.test:4000", true),
    ])
  func table(setting: String, origin: String, isAllowed: Bool) throws {
    let origins = try #require(AllowedOrigins(setting))
    #expect(origins.allow(origin, host: "api.test:4000") == isAllowed)
  }

  @Test(
    "a page of the server's own address may call when that is numeric; a name may be somebody else's",
    arguments: [
      ("192.0.2.1:4000", "http://192.0.2.1:4000", true), ("[2001:db8::1]:4000", "http://[2001:DB8::1]:4000", true),
      ("192.0.2.1:4000", "http://192.0.2.1:4001", false),
      ("rebound.example:4000", "http://rebound.example:4000", false),
    ])
  func ownAddress(host: String, origin: String, isAllowed: Bool) {
    #expect(AllowedOrigins("none")?.allow(origin, host: host) == isAllowed)
  }

  @Test(
    "what is no list of origins is refused",
    arguments: ["a.example", "https://", "ftp://x", "https://a,", "none,x", "https://a/b"])
  func refused(setting: String) { #expect(AllowedOrigins(setting) == nil) }

  @Test("an unsafe call from elsewhere is 403 and does nothing; a safe one is answered without leave to read")
  func foreign() async throws {
    try await withProducer { producer in
      let foreign = ["Origin": "https://evil.example"]
      let answer = try await producer.submit(#"{"kind":"test.noop","payload":{}}"#, foreign)
      #expect(answer.status == 403)
      #expect(answer.slug == "origin-not-allowed")
      #expect(answer.headers["access-control-allow-origin"] == nil)
      #expect(answer.headers["vary"] == "Origin")
      #expect(try producer.redis.command("EXISTS", "wc:{test}:ready").int == 0)
      let bulk = try await producer.bulk("{}\n", foreign)
      #expect(bulk.status == 403)
      let read = try await producer.http.get("/api/v1/queues", foreign)
      #expect(read.status == 200)
      #expect(read.headers["access-control-allow-origin"] == nil)
    }
  }

  @Test("an allowed page may call and read; a caller that is no page needs no leave")
  func allowed() async throws {
    try await withProducer { producer in
      let page = ["Origin": "http://localhost:5173"]
      let answer = try await producer.submit(#"{"kind":"test.noop","payload":{}}"#, page)
      #expect(answer.status == 202)
      #expect(answer.headers["access-control-allow-origin"] == "http://localhost:5173")
      #expect(answer.headers["access-control-expose-headers"]?.contains("Location") == true)
      let missing = try await producer.http.get("/api/v1/jobs/x", page)
      #expect(missing.status == 404)
      #expect(missing.headers["access-control-allow-origin"] == "http://localhost:5173")
      #expect(try await producer.submit().headers["vary"] == nil)
    }
  }

  @Test("a preflight is answered for paths that exist, for pages that may")
  func preflight() async throws {
    try await withProducer { producer in
      let asks = ["Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"]
      let answer = try await producer.http.request("OPTIONS", "/api/v1/jobs", asks)
      #expect(answer.status == 204)
      #expect(answer.headers["access-control-allow-methods"]?.contains("POST") == true)
      #expect(answer.headers["access-control-allow-headers"]?.contains("Idempotency-Key") == true)
      #expect(answer.headers["access-control-max-age"] == "600")
      #expect(answer.headers["access-control-allow-origin"] == "http://localhost:5173")
      let foreign = try await producer.http.request(
        "OPTIONS", "/api/v1/jobs", ["Origin": "https://evil.example", "Access-Control-Request-Method": "POST"])
      #expect(foreign.status == 403)
      #expect(try await producer.http.request("OPTIONS", "/nothing", asks).status == 404)
      let plain = try await producer.http.request("OPTIONS", "/api/v1/jobs")
      #expect(plain.status == 204)
      #expect(plain.headers["allow"] == "GET, HEAD, POST, OPTIONS")
    }
  }
}
