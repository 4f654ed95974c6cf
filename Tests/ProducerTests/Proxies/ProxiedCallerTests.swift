import TestSupport
import Testing

@testable import Producer

@Suite("Callers behind a proxy") struct ProxiedCallerTests {
  private static func from(_ address: String) -> [String: String] { ["X-Forwarded-For": address] }

  @Test("have calls of their own, and log lines with their address")
  func limits() async throws {
    try await withProducer(["TRUSTED_PROXIES": "127.0.0.0/8", "RATE_LIMIT": "2/1h"]) { producer async throws in
      for caller in ["203.0.113.1", "203.0.113.2", "6.6.6.6, 203.0.113.3", "2001:db8::1", "2001:db8:0:0:9::"] {
        #expect(try await producer.http.get("/api/v1/queues", Self.from(caller)).status == 200)
      }
      #expect(try await producer.http.get("/api/v1/queues", Self.from("203.0.113.1")).status == 200)
      #expect(try await producer.http.get("/api/v1/queues", Self.from("203.0.113.1")).status == 429)
      // One host has all of its /64.
      #expect(try await producer.http.get("/api/v1/queues", Self.from("2001:db8::2")).status == 429)
      #expect(try await producer.http.get("/api/v1/queues", Self.from("203.0.113.2")).status == 200)
      #expect(try producer.redis.command("GET", "wc:rate:address:203.0.113.3").text == "1")
      #expect(try producer.redis.command("EXISTS", "wc:rate:address:6.6.6.6").int == 0)
      #expect(try producer.redis.command("EXISTS", "wc:rate:address:127.0.0.1").int == 0)
      #expect(producer.log.all.contains { $0.contains(#""peer":"203.0.113.3""#) })
    }
  }

  @Test("are blocked alone when they guess")
  func blocks() async throws {
    let settings = ["TRUSTED_PROXIES": "127.0.0.1", "JWT_SECRET": TokenMint.secret, "AUTH_FAILURE_LIMIT": "2/1h"]
    try await withProducer(settings) { producer async throws in
      let good = TokenMint.bearer(try TokenMint.token(scope: "jobs:read"))
      let guess = TokenMint.bearer("a-guess")
      try await eventually("the caller who guesses is blocked") {
        try await producer.http.get("/api/v1/queues", guess.merging(Self.from("203.0.113.9")) { $1 }).status == 429
      }
      #expect(
        try await producer.http.get("/api/v1/queues", good.merging(Self.from("203.0.113.9")) { $1 }).status == 429)
      #expect(
        try await producer.http.get("/api/v1/queues", good.merging(Self.from("203.0.113.8")) { $1 }).status == 200)
      #expect(try await producer.http.get("/api/v1/queues", good).status == 200)
    }
  }

  @Test("cannot choose an address where no proxy is trusted")
  func untrusted() async throws {
    for setting in ["none", "203.0.113.0/24"] {
      try await withProducer(["TRUSTED_PROXIES": setting, "RATE_LIMIT": "2/1h"]) { producer async throws in
        for (caller, status) in [("203.0.113.1", 200), ("203.0.113.2", 200), ("203.0.113.3", 429)] {
          #expect(try await producer.http.get("/api/v1/queues", Self.from(caller)).status == status)
        }
        #expect(try producer.redis.command("GET", "wc:rate:address:127.0.0.1").text == "2")
      }
    }
  }
}
