import Transport

/// Takes the text of a Redis URL apart.
struct RedisURLReader {
  private let scheme: String
  /// What follows `scheme://`.
  private let rest: Substring

  init(_ text: String) throws(RedisURLError) {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
      throw RedisURLError(code: .scheme, description: Self.expectation)
    }
    scheme = text[..<colon].lowercased()
    rest = text[colon...].dropFirst(3)
  }

  private static let expectation =
    "expected redis://[user:password@]host[:port][/database], rediss://… or unix://[user:password@]/path[?db=database]"

  func read() throws(RedisURLError) -> RedisURL {
    switch scheme {
    case "redis", "rediss": return try readServer()
    case "unix": return try readSocket()
    case "redis-sentinel", "redis-cluster":
      throw RedisURLError(
        code: .unsupported, description: "\(scheme):// is not supported yet; name one server with redis://host:port")
    default: throw RedisURLError(code: .scheme, description: Self.expectation)
    }
  }

  private func readServer() throws(RedisURLError) -> RedisURL {
    let (beforeQuery, query) = Self.split(rest, at: "?")
    let (authority, path) = Self.split(beforeQuery, at: "/")
    let (login, place) = Self.splitLogin(authority)
    let (host, port) = try Self.readHost(place)
    var url = RedisURL(.tcp(host: host, port: port))
    url.isTLS = scheme == "rediss"
    try Self.readLogin(login, into: &url)
    if let path, !path.isEmpty {
      url.database = try Self.readDatabase(path)
    }
    try Self.readQuery(query, into: &url)
    return url
  }

  private func readSocket() throws(RedisURLError) -> RedisURL {
    let (beforeQuery, query) = Self.split(rest, at: "?")
    let (login, path) = Self.splitLogin(beforeQuery)
    guard path.hasPrefix("/"), path.utf8.count > 1 else {
      throw RedisURLError(code: .path, description: "expected the absolute path of a socket: unix:///run/redis.sock")
    }
    let socket = try Self.decode(path)
    guard socket.utf8.count < 108, !socket.utf8.contains(0) else {
      throw RedisURLError(code: .path, description: "the path of a socket has at most 107 bytes, none of them zero")
    }
    var url = RedisURL(.unix(path: socket))
    try Self.readLogin(login, into: &url)
    try Self.readQuery(query, into: &url)
    return url
  }

  private static func readHost(_ place: Substring) throws(RedisURLError) -> (String, Int) {
    var host = place
    var port: Substring?
    if place.hasPrefix("[") {
      guard let end = place.firstIndex(of: "]") else {
        throw RedisURLError(code: .host, description: "expected ] after the IPv6 address")
      }
      host = place[place.index(after: place.startIndex)..<end]
      let after = place[place.index(after: end)...]
      guard after.isEmpty || after.hasPrefix(":"), host.utf8.contains(UInt8(ascii: ":")) else {
        throw RedisURLError(code: .host, description: "expected [IPv6 address] or [IPv6 address]:port")
      }
      port = after.isEmpty ? nil : after.dropFirst()
    } else {
      (host, port) = split(place, at: ":")
    }
    guard !host.isEmpty else {
      throw RedisURLError(code: .host, description: "the host is missing; \(expectation)")
    }
    guard host.utf8.allSatisfy({ isHostByte($0) }) else {
      throw RedisURLError(
        code: .host,
        description: "the host has a character that no host has; write @ : / in a password as %40 %3A %2F")
    }
    guard let port else { return (String(host), 6379) }
    guard let number = Int64(decimal: Array(port.utf8).span), (1...65535).contains(number) else {
      throw RedisURLError(code: .port, description: "the port must be an integer from 1 to 65535")
    }
    return (String(host), Int(number))
  }

  private static func readLogin(_ login: Substring?, into url: inout RedisURL) throws(RedisURLError) {
    guard let login else { return }
    let (user, password) = split(login, at: ":")
    guard let password, !password.isEmpty else {
      throw RedisURLError(
        code: .credentials,
        description: "a login needs a password: redis://user:password@host or redis://:password@host")
    }
    url.user = user.isEmpty ? nil : try decode(user)
    url.password = try decode(password)
  }

  private static func readQuery(_ query: Substring?, into url: inout RedisURL) throws(RedisURLError) {
    guard let query, !query.isEmpty else { return }
    for parameter in query.split(separator: "&") {
      let (name, value) = split(parameter, at: "=")
      guard name == "db", let value else {
        throw RedisURLError(code: .parameter, description: "the only parameter is db, as in ?db=1")
      }
      url.database = try readDatabase(value)
    }
  }

  private static func readDatabase(_ text: Substring) throws(RedisURLError) -> Int {
    guard let number = Int64(decimal: Array(text.utf8).span), (0...Int64(Int32.max)).contains(number) else {
      throw RedisURLError(code: .database, description: "the database must be an integer from 0 to 2147483647")
    }
    return Int(number)
  }

  private static func decode(_ text: Substring) throws(RedisURLError) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
        throw RedisURLError(code: .encoding, description: "% must be followed by two hex digits; a % itself is %25")
      }
      bytes.append(high << 4 | low)
    }
    guard let decoded = String(validating: bytes, as: UTF8.self) else {
      throw RedisURLError(code: .encoding, description: "the percent-decoded text must be UTF-8")
    }
    return decoded
  }

  /// The login ends at the last @, so that an @ in a password that somebody forgot to encode does no harm.
  private static func splitLogin(_ text: Substring) -> (login: Substring?, rest: Substring) {
    guard let at = text.lastIndex(of: "@") else { return (nil, text) }
    return (text[..<at], text[text.index(after: at)...])
  }

  private static func split(_ text: Substring, at separator: Character) -> (Substring, Substring?) {
    guard let index = text.firstIndex(of: separator) else { return (text, nil) }
    return (text[..<index], text[text.index(after: index)...])
  }

  private static func isHostByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: ":"), UInt8(ascii: "%"):
      true
    default: false
    }
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
