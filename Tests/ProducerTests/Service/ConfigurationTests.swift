import Jobs
import Service
import TestSupport
import Testing

@testable import Producer

@Suite("Settings of the producer")
struct ConfigurationTests {
  private static func end(_ environment: [String: String], _ arguments: [String] = []) -> ProgramEnd? {
    let launch = Launch.read(ProducerConfiguration.program, arguments: arguments, environment: environment) {
      ProducerConfiguration(&$0)
    }
    if case .end(let end) = launch { return end }
    return nil
  }

  @Test("the defaults are those of the documentation")
  func defaults() throws {
    let settings = try LiveProducer.configuration([
      "PORT": "", "METRICS_PORT": "", "TEST_KINDS": "", "BIND_ADDRESS": "",
    ])
    #expect(settings.port == 4000)
    #expect(settings.metricsPort == 9090)
    #expect(settings.bindAddress == "0.0.0.0")
    #expect(settings.maxQueueDepth == 10_000_000)
    #expect(settings.maxConnections == 20_000)
    #expect(settings.shutdownTimeout == .seconds(25))
    #expect(settings.origins == .localhost)
    #expect(settings.store.order.queues.map(\.text) == ["proof", "memory"])
    #expect(settings.store.kinds.all.allSatisfy { !$0.isTestOnly })
  }

  @Test(
    "production needs keys of its own, and keys or tokens of its callers", arguments: ["production", "staging", ""])
  func production(place: String) throws {
    let end = try #require(Self.end(["APP_ENV": place, "TEST_KINDS": "true"]))
    #expect(end.code == .configuration)
    for name in ["PAYLOAD_KEY is missing", "JWT_SECRET is missing", "API_KEYS_FILE", "TEST_KINDS"] {
      #expect(end.errors.contains(name), "\(name)")
    }
    let key = LiveProducer.payloadKey
    let secret = TokenMint.secret
    let equipped = ["APP_ENV": place, "PAYLOAD_KEY": key, "JWT_SECRET": secret]
    #expect(Self.end(equipped) == nil)
    let greedy = try #require(Self.end(equipped.merging(["ENCRYPTION_KEY": key]) { $1 }))
    #expect(greedy.code == .configuration && greedy.errors.contains("ENCRYPTION_KEY"))
    #expect(!greedy.errors.contains("missing") && !greedy.errors.contains(secret) && !greedy.errors.contains(key))
  }

  @Test("a list of proxies that is none is refused, with what it may be")
  func proxies() throws {
    let end = try #require(Self.end(["APP_ENV": "test", "TRUSTED_PROXIES": "10.0.0.1/8"]))
    #expect(end.code == .configuration)
    #expect(end.errors.contains(#"TRUSTED_PROXIES="10.0.0.1/8" is not valid"#) && end.errors.contains("2001:db8::/32"))
    #expect(try LiveProducer.configuration([:]).proxies.isEmpty)
    #expect(
      try LiveProducer.configuration(["TRUSTED_PROXIES": "10.0.0.0/8,unix"]).proxies
        == TrustedProxies("10.0.0.0/8,unix"))
  }

  @Test(
    "a secret that can be guessed is refused without being shown",
    arguments: [
      "s3cr3t-canary", "changeme-canary-changeme-canary-changeme", String(repeating: "canary7", count: 9),
      String(repeating: "a", count: 64),
    ])
  func weakSecret(_ secret: String) throws {
    let end = try #require(Self.end(["APP_ENV": "test", "JWT_SECRET": secret]))
    #expect(end.code == .configuration && end.errors.contains("config: JWT_SECRET is not valid"))
    #expect(!end.errors.contains("canary") && !end.errors.contains("aaaa"))
  }

  @Test("a file of keys that is none is refused, told where, and not shown")
  func keysFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("\nci canary-key admin", to: "keys")
    let end = try #require(Self.end(["APP_ENV": "test", "API_KEYS_FILE": path]))
    #expect(end.errors.contains("API_KEYS_FILE") && end.errors.contains("line 2") && !end.errors.contains("canary"))
    try folder.write("ci \(TokenMint.hash("k")) admin", to: "keys")
    #expect(Self.end(["APP_ENV": "production", "PAYLOAD_KEY": LiveProducer.payloadKey, "API_KEYS_FILE": path]) == nil)
    #expect(Self.end(["APP_ENV": "test", "API_KEYS_FILE": path + "-none"])?.code == .configuration)
    #expect(try LiveProducer.configuration(["API_KEYS_FILE": path]).access.isOpen == false)
    #expect(try LiveProducer.configuration([:]).access.isOpen)
  }

  @Test("all problems are told at once")
  func problems() throws {
    let end = try #require(
      Self.end([
        "APP_ENV": "test", "PORT": "70000", "CORS_ORIGINS": "nonsense", "REDIS_URL": "http://x", "KEY_PREFIX": "{",
        "QUEUES": "A", "SHUTDOWN_TIMEOUT": "5", "PAYLOAD_KEY": "short", "LOG_LEVEL": "loud", "MAX_QUEUE_DEPTH": "-1",
      ]))
    #expect(end.code == .configuration)
    for name in [
      "PORT", "CORS_ORIGINS", "REDIS_URL", "KEY_PREFIX", "QUEUES", "SHUTDOWN_TIMEOUT", "PAYLOAD_KEY", "LOG_LEVEL",
      "MAX_QUEUE_DEPTH",
    ] {
      #expect(end.errors.contains("config: \(name)"), "\(name)")
    }
    #expect(!end.errors.contains("short\""))
  }

  @Test("two listeners need two ports")
  func ports() throws {
    let end = try #require(Self.end(["APP_ENV": "test", "PORT": "9090"]))
    #expect(end.errors.contains("METRICS_PORT"))
    #expect(Self.end(["APP_ENV": "test", "PORT": "9090", "METRICS_PORT": "off"]) == nil)
  }

  @Test("outside production the key over payloads may follow from ENCRYPTION_KEY")
  func derived() throws {
    let settings = try LiveProducer.configuration(["PAYLOAD_KEY": "", "ENCRYPTION_KEY": LiveProducer.payloadKey])
    #expect(settings.keys.payloadKey != nil)
    #expect(try LiveProducer.configuration(["PAYLOAD_KEY": ""]).keys.payloadKey == nil)
  }

  @Test("help, version and the settings are printed")
  func printed() throws {
    let help = try #require(Self.end([:], ["--help"]))
    #expect(help.code == .success)
    #expect(help.output.contains("--cors-origins"))
    let version = try #require(Self.end([:], ["--version"]))
    #expect(version.output.contains(BuildInfo.version))
    let settings = try #require(
      Self.end(["APP_ENV": "test", "PAYLOAD_KEY": LiveProducer.payloadKey], ["--print-config", "--port", "1234"]))
    #expect(settings.output.contains("1234"))
    #expect(!settings.output.contains(LiveProducer.payloadKey))
  }
}
