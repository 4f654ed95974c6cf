import HTTPWire
import TestSupport
import Testing

@testable import Producer

@Suite("Whose word about a caller counts") struct TrustedProxiesTests {
  private static let settings = "10.0.0.0/8, 2001:db8::/32,192.0.2.7 ,unix"

  private static func caller(_ fields: [String], _ peer: String, _ settings: String = settings) throws -> String {
    var headers = HTTPHeaders()
    for field in fields { headers.append("X-Forwarded-For", field) }
    return try #require(TrustedProxies(settings)).caller(headers, peer: peer)
  }

  @Test(
    "the last entry that is no proxy of ours is the caller",
    arguments: [
      (["198.51.100.9"], "198.51.100.9"), (["198.51.100.9, 10.1.1.1"], "198.51.100.9"),
      (["198.51.100.9", "10.1.1.1"], "198.51.100.9"), (["198.51.100.9,192.0.2.7,2001:db8::5"], "198.51.100.9"),
      (["6.6.6.6, 198.51.100.9"], "198.51.100.9"), (["6.6.6.6", "198.51.100.9,10.0.0.1"], "198.51.100.9"),
      (["10.0.0.9, 198.51.100.9, 10.0.0.1"], "198.51.100.9"), (["2001:db9::1"], "[2001:db9:0:0:0:0:0:1]"),
      (["[2001:db9::1]:443"], "[2001:db9:0:0:0:0:0:1]"), (["198.51.100.9:5555"], "198.51.100.9"),
      (["::ffff:198.51.100.9"], "198.51.100.9"), (["\t198.51.100.9\t"], "198.51.100.9"),
      // All of them are ours: the first that was called is the nearest to a caller.
      (["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
    ] as [([String], String)])
  func last(fields: [String], caller: String) throws {
    #expect(try Self.caller(fields, "10.0.0.1:4711") == caller)
  }

  @Test(
    "something that is no address ends the reading, at the proxy that sent it",
    arguments: [
      ["unknown"], [""], [","], ["198.51.100.9,"], ["198.51.100.9, unknown"], ["198.51.100.9, _hidden"],
      ["198.51.100.9, for=1.2.3.4"], ["198.51.100.9, \"1.2.3.4\""], ["198.51.100.9, 1.2.3.4:port"],
      ["198.51.100.9, [::1"],
      ["198.51.100.9, [::1]x"], ["198.51.100.9, 1.2.3.4:123456"], ["198.51.100.9, 999.1.1.1"],
      ["198.51.100.9; 1.2.3.4"],
      ["198.51.100.9, 1.2.3.4 5.6.7.8"], [String(repeating: "1", count: 4000)],
      ["198.51.100.9, " + String(repeating: ":", count: 4000)],
    ])
  func garbage(fields: [String]) throws {
    #expect(try Self.caller(fields, "10.0.0.1:4711") == "10.0.0.1:4711")
    // What was read before it counts.
    #expect(try Self.caller(fields + ["10.0.0.3"], "10.0.0.1:4711") == "10.0.0.3")
  }

  @Test(
    "from a peer that is no proxy of ours the field is anybody's word",
    arguments: [
      "198.51.100.1:4711", "[2001:db9::1]:4711", "[::1]:1", "11.0.0.1:1", "192.0.2.8:1", "unknown", "", ":", "[",
      "[]:1",
      "10.0.0.1:x",
    ])
  func strangers(peer: String) throws {
    #expect(try Self.caller(["203.0.113.1"], peer) == peer)
  }

  @Test(
    "peers are recognised in each form of their address",
    arguments: [
      "10.255.255.255:1", "[::ffff:10.0.0.1]:1", "[2001:db8:ffff::1]:65535", "[2001:db8::1%eth0]:1", "192.0.2.7:80",
      "unix",
    ])
  func peers(peer: String) throws {
    #expect(try Self.caller(["203.0.113.1"], peer) == "203.0.113.1")
  }

  @Test("a unix socket is trusted only where it is named, and nobody where nobody is")
  func unix() throws {
    #expect(try Self.caller(["203.0.113.1"], "unix", "10.0.0.0/8") == "unix")
    #expect(try Self.caller(["203.0.113.1"], "unix", "unix") == "203.0.113.1")
    #expect(try Self.caller(["203.0.113.1"], "10.0.0.1:1", "none") == "10.0.0.1:1")
    #expect(TrustedProxies.none.isEmpty && TrustedProxies("none") == TrustedProxies.none)
    #expect(TrustedProxies("unix")?.isEmpty == false)
  }

  @Test(
    "a setting that is none is refused",
    arguments: [
      "", ",", "10.0.0.0/8,", "10.0.0.0/33", "10.0.0.0/0", "0.0.0.0/0", "::/0", "::/129", "10.0.0.1/8",
      "2001:db8::1/32",
      "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0-10.0.0.9", "proxy.example", "*", "none,unix",
      "UNIX",
      "10.0.0.0 /8", "[2001:db8::]/32", "10.0.0.0/8;192.0.2.7",
    ])
  func refused(text: String) {
    #expect(TrustedProxies(text) == nil)
  }

  @Test("no field, however it is made, gives anything but the peer or an address: seeded")
  func hostile() throws {
    var random = SeededGenerator()
    let pieces = [
      "10.0.0.1", "198.51.100.9", "2001:db9::1", "[2001:db8::1]:5", ":", ",", ", ", " ", "unknown", "[", "]", "%", "::",
      ".",
      "\u{E9}", "\t", "1", "0", "f", "-", "\"",
    ]
    let proxies = try #require(TrustedProxies(Self.settings))
    for _ in 0..<100_000 {
      var headers = HTTPHeaders()
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let count = Int.random(in: 0...8, using: &random)
        headers.append("x-forwarded-for", (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined())
      }
      let caller = proxies.caller(headers, peer: "10.0.0.1:4711")
      let bare = caller.hasPrefix("[") ? String(caller.dropFirst().dropLast()) : caller
      #expect(
        caller == "10.0.0.1:4711" || IPAddress(bare) != nil,
        "\(caller) of \(headers.values("x-forwarded-for")) \(random)")
    }
  }
}
