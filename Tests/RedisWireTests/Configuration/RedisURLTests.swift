import RedisWire
import Testing
import Transport

@Suite("Redis URL")
struct RedisURLTests {
  @Test("a host alone gets the default port and database")
  func defaults() throws {
    let url = try RedisURL("redis://localhost")
    #expect(url.endpoint == .tcp(host: "localhost", port: 6379))
    #expect(url.database == 0)
    #expect(!url.isTLS)
    #expect(url.user == nil && url.password == nil)
  }

  @Test("every part is read")
  func everyPart() throws {
    let url = try RedisURL("rediss://alice:s%40cret%3A%2F@redis.example.org:7000/3")
    #expect(url.endpoint == .tcp(host: "redis.example.org", port: 7000))
    #expect(url.isTLS)
    #expect(url.user == "alice")
    #expect(url.password == "s@cret:/")
    #expect(url.database == 3)
  }

  @Test("a password without a user belongs to the default user")
  func passwordAlone() throws {
    let url = try RedisURL("redis://:p@h:1")
    #expect(url.user == nil)
    #expect(url.password == "p")
  }

  @Test("an at sign that nobody encoded stays in the password")
  func atSign() throws {
    #expect(try RedisURL("redis://:a@b@host").password == "a@b")
  }

  @Test("an IPv6 address stands in brackets")
  func ipv6() throws {
    #expect(try RedisURL("redis://[::1]:6380/1").endpoint == .tcp(host: "::1", port: 6380))
    #expect(try RedisURL("redis://[::1]").endpoint == .tcp(host: "::1", port: 6379))
    #expect(try RedisURL("redis://[::1]:6380/1").description == "redis://[::1]:6380/1")
  }

  @Test("a socket is named by its path")
  func socket() throws {
    let url = try RedisURL("unix://u:p@/run/a%20b/redis.sock?db=2")
    #expect(url.endpoint == .unix(path: "/run/a b/redis.sock"))
    #expect(url.user == "u" && url.password == "p" && url.database == 2)
    #expect(try RedisURL("unix:///s").endpoint == .unix(path: "/s"))
  }

  @Test("the database may be a parameter, and a trailing slash is nothing")
  func databaseParameter() throws {
    #expect(try RedisURL("redis://h?db=4").database == 4)
    #expect(try RedisURL("redis://h/").database == 0)
    #expect(try RedisURL("REDIS://h/5?").database == 5)
  }

  @Test("the description leaves the password out")
  func redaction() throws {
    let url = try RedisURL("redis://alice:hunter2@h:1/0")
    #expect(url.description == "redis://alice:***@h:1/0")
    #expect(try RedisURL("unix://:hunter2@/s").description == "unix://:***@/s?db=0")
  }

  @Test(
    "a wrong URL is refused with the part that is wrong",
    arguments: [
      ("", .scheme), ("localhost:6379", .scheme), ("http://h", .scheme), ("redis:/h", .scheme),
      ("redis-sentinel://a,b/master", .unsupported), ("redis-cluster://a,b", .unsupported),
      ("redis://", .host), ("redis://:6379", .host), ("redis://[::1", .host), ("redis://[host]", .host),
      ("redis://[::1]x", .host), ("redis://a b", .host), ("redis://a#b", .host),
      ("redis://h:", .port), ("redis://h:0", .port), ("redis://h:65536", .port), ("redis://h:+1", .port),
      ("redis://h:99999999999999999999", .port), ("redis://fe80::1", .port),
      ("redis://user@h", .credentials), ("redis://user:@h", .credentials), ("redis://:@h", .credentials),
      ("redis://h/x", .database), ("redis://h/-1", .database), ("redis://h/2147483648", .database),
      ("redis://h/01", .database), ("redis://h?db=", .database),
      ("redis://h?timeout=1", .parameter), ("redis://h?db", .parameter),
      ("unix://s", .path), ("unix:///", .path), ("unix://", .path),
      ("unix:///\(String(repeating: "x", count: 108))", .path), ("unix:///a%00b", .path),
      ("redis://:%4@h", .encoding), ("redis://:%zz@h", .encoding), ("redis://:%FF@h", .encoding),
    ] as [(String, RedisURLError.Code)])
  func refusals(text: String, code: RedisURLError.Code) {
    let error = #expect(throws: RedisURLError.self) { try RedisURL(text) }
    #expect(error?.code == code)
    #expect(error?.description.isEmpty == false)
  }

  @Test("an error never repeats the password")
  func errorsKeepSecrets() {
    for text in ["redis://:hunter2@h:x", "redis://u:hunter2@", "unix://:hunter2@s", "redis://:hunter2%@h", "hunter2"] {
      let error = #expect(throws: RedisURLError.self) { try RedisURL(text) }
      #expect(error?.description.contains("hunter2") == false)
    }
  }
}
