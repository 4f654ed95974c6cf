import RedisWire

/// Replies as they lie on the wire, with what they mean.
enum RESPVectors {
  struct Vector: Sendable, CustomStringConvertible {
    let wire: String
    let value: RESPValue
    var bytes: [UInt8] { Array(wire.utf8) }
    var description: String { wire.debugDescription }

    init(_ wire: String, _ value: RESPValue) {
      self.wire = wire
      self.value = value
    }
  }

  static func bulk(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

  static func map(_ alternating: RESPValue...) -> RESPValue { .map(RESPMap(alternating: alternating)!) }

  /// What both protocols write.
  static let resp2: [Vector] = [
    Vector("+OK\r\n", .simple("OK")), Vector("+\r\n", .simple("")), Vector("+Bäckground\r\n", .simple("Bäckground")),
    Vector("+\(String(repeating: "long ", count: 60))\r\n", .simple(String(repeating: "long ", count: 60))),
    Vector("-ERR no such command\r\n", .error(RedisServerError(line: "ERR no such command"))),
    Vector("-\r\n", .error(RedisServerError(line: ""))),
    Vector(":0\r\n", .integer(0)), Vector(":-1\r\n", .integer(-1)), Vector(":1000\r\n", .integer(1000)),
    Vector(":9223372036854775807\r\n", .integer(.max)), Vector(":-9223372036854775808\r\n", .integer(.min)),
    Vector("$0\r\n\r\n", bulk("")), Vector("$5\r\nhello\r\n", bulk("hello")), Vector("$2\r\n\r\n\r\n", bulk("\r\n")),
    Vector("$300\r\n\(String(repeating: "x", count: 300))\r\n", bulk(String(repeating: "x", count: 300))),
    Vector("$-1\r\n", .null), Vector("*-1\r\n", .null), Vector("*0\r\n", .array([])),
    Vector("*2\r\n$3\r\nfoo\r\n:7\r\n", .array([bulk("foo"), .integer(7)])),
    Vector("*3\r\n*0\r\n*-1\r\n$-1\r\n", .array([.array([]), .null, .null])),
    Vector("*1\r\n*1\r\n*2\r\n+a\r\n+b\r\n", .array([.array([.array([.simple("a"), .simple("b")])])])),
    Vector(
      "*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n-ERR x\r\n",
      .array([.array([.integer(1), .integer(2)]), .array([.error(RedisServerError(line: "ERR x"))])])),
  ]

  /// What RESP3 adds.
  static let resp3: [Vector] = [
    Vector("_\r\n", .null), Vector("#t\r\n", .boolean(true)), Vector("#f\r\n", .boolean(false)),
    Vector(",1.5\r\n", .double(1.5)), Vector(",-3\r\n", .double(-3)), Vector(",1.5E-3\r\n", .double(0.0015)),
    Vector(",inf\r\n", .double(.infinity)), Vector(",-inf\r\n", .double(-.infinity)),
    Vector("(0\r\n", .bigNumber("0")),
    Vector(
      "(-3492890328409238509324850943850943825024385\r\n", .bigNumber("-3492890328409238509324850943850943825024385")),
    Vector("!21\r\nSYNTAX invalid syntax\r\n", .error(RedisServerError(line: "SYNTAX invalid syntax"))),
    Vector("%0\r\n", map()), Vector("%1\r\n+a\r\n:1\r\n", map(.simple("a"), .integer(1))),
    Vector(
      "%2\r\n+a\r\n%1\r\n_\r\n#t\r\n:2\r\n*0\r\n",
      map(.simple("a"), map(.null, .boolean(true)), .integer(2), .array([]))),
    Vector("~2\r\n+a\r\n+b\r\n", .set([.simple("a"), .simple("b")])), Vector("~0\r\n", .set([])),
    Vector(">2\r\n+invalidate\r\n*1\r\n+k\r\n", .push([.simple("invalidate"), .array([.simple("k")])])),
    Vector("|1\r\n+ttl\r\n:3600\r\n+value\r\n", .simple("value")),
    Vector("|0\r\n:1\r\n", .integer(1)),
    Vector("*2\r\n:1\r\n|1\r\n+a\r\n*2\r\n:7\r\n:8\r\n:2\r\n", .array([.integer(1), .integer(2)])),
    Vector("*1\r\n|1\r\n+a\r\n|1\r\n+b\r\n:1\r\n:2\r\n:3\r\n", .array([.integer(3)])),
  ]

  static let all = resp2 + resp3
}
