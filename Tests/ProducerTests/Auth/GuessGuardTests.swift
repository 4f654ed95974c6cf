import TestSupport
import Testing

@testable import Producer

@Suite("Guessing tokens")
struct GuessGuardTests {
  @Test(
    "what counts as one address",
    arguments: [
      ("192.0.2.1:4000", "192.0.2.1"), ("[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::/64"),
      ("[2001:DB8::1]:80", "2001:db8:0:0::/64"), ("[::1]:80", "0:0:0:0::/64"), ("[fe80::1%eth0]:80", "fe80:0:0:0::/64"),
      ("[::ffff:192.0.2.1]:80", "192.0.2.1"), ("[1:2:3:4:5:6:7::]:80", "1:2:3:4::/64"), ("[::]:1", "0:0:0:0::/64"),
      ("unknown", "unknown"), ("", ""), ("[", "::/64"), ("[:::::]:1", "0:0:0:0::/64"),
    ])
  func address(peer: String, network: String) { #expect(CallerAddress.network(of: peer) == network) }

  private static let settings = [
    "JWT_SECRET": TokenMint.secret, "AUTH_FAILURE_LIMIT": "3/1h", "AUTH_BLOCK_TIME": "10m",
  ]
  private static let guess = TokenMint.bearer("canary-guess")

  /// Guesses until the producer knows that the address is blocked.
  private static func guessUntilBlocked(_ producer: LiveProducer) async throws {
    try await eventually("the address is blocked") {
      try await producer.http.get("/api/v1/queues", guess).status == 429
    }
  }

  @Test("after so many guesses the address is blocked for a while, good tokens and all; open paths stay open")
  func blocked() async throws {
    try await withProducer(Self.settings) { producer async throws in
      let good = TokenMint.bearer(try TokenMint.token(scope: "jobs:read"))
      for _ in 0..<2 { #expect(try await producer.http.get("/api/v1/queues", Self.guess).status == 401) }
      #expect(try await producer.http.get("/api/v1/queues", good).status == 200)
      try await Self.guessUntilBlocked(producer)
      let answer = try await producer.http.get("/api/v1/queues", good)
      #expect(answer.status == 429 && answer.slug == "address-blocked")
      #expect((500...600).contains(try #require(answer.headers["retry-after"].flatMap { Int($0) })))
      #expect(try await producer.http.get("/livez").status == 200)
      let metrics = try await producer.http.get("/metrics").text
      #expect(metrics.contains("\nip_blocked_total 1\n"))
      #expect(producer.log.all.contains { $0.contains("an address is blocked") })
      #expect(!producer.log.all.contains { $0.contains("canary-guess") })
      let left = try #require(try producer.redis.command("PTTL", "wc:guesses:127.0.0.1").int)
      #expect((500_000...600_000).contains(left))
    }
  }

  @Test("producers agree: guesses at all of them count together, and a block is known with the next one")
  func shared() async throws {
    let redis = try RedisServer()
    try await withProducer(Self.settings, redis: redis) { one async throws in
      try await withProducer(Self.settings, redis: redis) { other async throws in
        try await Self.guessUntilBlocked(one)
        #expect(try await other.http.get("/api/v1/queues", Self.guess).status == 401)
        try await Self.guessUntilBlocked(other)
        #expect(try await other.http.get("/metrics").text.contains("\nip_blocked_total 0\n"))
      }
    }
  }

  @Test("a missing or an old token is no guess")
  func noGuess() async throws {
    try await withProducer(Self.settings) { producer async throws in
      let old = TokenMint.bearer(try TokenMint.token(claims: #"{"sub":"a","exp":1}"#))
      let poor = TokenMint.bearer(try TokenMint.token(scope: "openid"))
      for headers in [[:], old, poor] {
        for _ in 0..<5 { #expect(try await [401, 403].contains(producer.http.get("/api/v1/queues", headers).status)) }
      }
      #expect(try producer.redis.command("EXISTS", "wc:guesses:127.0.0.1").int == 0)
    }
  }

  @Test("without Redis guesses are refused one by one, and nobody is blocked")
  func outage() async throws {
    try await withProducer(Self.settings) { producer async throws in
      producer.redis.kill()
      for _ in 0..<6 { #expect(try await producer.http.get("/api/v1/queues", Self.guess).status == 401) }
    }
  }

  @Test("off is off")
  func off() async throws {
    try await withProducer(Self.settings.merging(["AUTH_FAILURE_LIMIT": "off"]) { $1 }) { producer async throws in
      for _ in 0..<6 {
        let answer = try await producer.http.get("/api/v1/queues", Self.guess)
        #expect(answer.status == 401)
      }
      #expect(try producer.redis.command("EXISTS", "wc:guesses:127.0.0.1").int == 0)
    }
  }

  @Test("a block ends")
  func ends() async throws {
    try await withProducer(Self.settings.merging(["AUTH_BLOCK_TIME": "1s"]) { $1 }) { producer async throws in
      try await Self.guessUntilBlocked(producer)
      try await eventually("the block is over") {
        try await producer.http.get("/api/v1/queues", TokenMint.bearer(TokenMint.token(scope: "jobs:read"))).status
          == 200
      }
    }
  }
}
