/// A RESP2 reply, read by the tests' own few lines: an oracle that shares nothing with `RedisWire`.
public enum RedisReply: Sendable, Equatable, CustomStringConvertible {
  /// `+OK`.
  case simple(String)
  /// `-ERR ...`.
  case error(String)
  /// `:1`.
  case integer(Int)
  /// `$3\r\nabc`.
  case bulk([UInt8])
  /// `$-1` or `*-1`.
  case null
  /// `*n`.
  case array([RedisReply])

  /// The text of a simple, error or bulk reply, the digits of an integer, nil otherwise.
  public var text: String? {
    switch self {
    case .simple(let text), .error(let text): text
    case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
    case .integer(let value): String(value)
    case .null, .array: nil
    }
  }

  /// An integer, or a bulk of digits.
  public var int: Int? {
    if case .integer(let value) = self { return value }
    return text.flatMap { Int($0) }
  }

  /// The elements of an array; empty otherwise.
  public var elements: [RedisReply] {
    if case .array(let elements) = self { return elements }
    return []
  }

  /// A flat array of names and values as a dictionary, as HGETALL returns it.
  public var fields: [String: String] {
    var result: [String: String] = [:]
    var rest = elements[...]
    while rest.count > 1 {
      result[rest.removeFirst().text ?? ""] = rest.removeFirst().text ?? ""
    }
    return result
  }

  /// The reply as redis-cli would show it.
  public var description: String {
    switch self {
    case .null: "(nil)"
    case .error(let text): "(error) \(text)"
    case .array(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
    default: text ?? ""
    }
  }
}

/// One blocking connection to a Redis server, RESP2.
public final class RedisLine: Sendable {
  private let socket: BlockingSocket

  /// Connects to the server at `address`.
  public init(to address: SocketAddress, timeout: Duration = .seconds(10)) throws(SupportError) {
    socket = try BlockingSocket(to: address, timeout: timeout)
  }

  /// Sends one command and reads its reply; an error reply is returned, not thrown.
  @discardableResult
  public func command(_ arguments: [[UInt8]]) throws(SupportError) -> RedisReply {
    try send(arguments)
    return try receive()
  }

  /// Sends one command without waiting for its reply.
  public func send(_ arguments: [[UInt8]]) throws(SupportError) {
    var bytes = Array("*\(arguments.count)\r\n".utf8)
    for argument in arguments {
      bytes += Array("$\(argument.count)\r\n".utf8) + argument + [13, 10]
    }
    try socket.write(bytes)
  }

  /// Reads the next reply or published message.
  public func receive() throws(SupportError) -> RedisReply {
    let line = try readLine()
    let rest = String(line.dropFirst())
    switch line.first {
    case "+": return .simple(rest)
    case "-": return .error(rest)
    case ":": return .integer(Int(rest) ?? 0)
    case "$":
      guard let count = Int(rest), count >= 0 else { return .null }
      let bytes = try readExactly(count)
      _ = try readExactly(2)
      return .bulk(bytes)
    case "*":
      guard let count = Int(rest), count >= 0 else { return .null }
      var elements: [RedisReply] = []
      for _ in 0..<count { elements.append(try receive()) }
      return .array(elements)
    default: throw SupportError("no RESP2 reply: \(line)")
    }
  }

  private func readLine() throws(SupportError) -> String {
    var line: [UInt8] = []
    while !line.suffix(2).elementsEqual([13, 10]) { line += try readExactly(1) }
    return String(decoding: line.dropLast(2), as: UTF8.self)
  }

  private func readExactly(_ count: Int) throws(SupportError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let chunk = try socket.read(upTo: count - bytes.count)
      if chunk.isEmpty { throw SupportError("redis closed the connection") }
      bytes += chunk
    }
    return bytes
  }
}
