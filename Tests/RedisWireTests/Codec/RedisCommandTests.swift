import RedisWire
import Testing

@Suite("Redis command")
struct RedisCommandTests {
  private func encoded(_ command: RedisCommand) -> String {
    var bytes: [UInt8] = []
    command.encode(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("a command is an array of bulk strings")
  func plain() {
    #expect(encoded(RedisCommand("PING")) == "*1\r\n$4\r\nPING\r\n")
    #expect(encoded(RedisCommand("SET", "k", "välue")) == "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$6\r\nvälue\r\n")
  }

  @Test("an argument of any sort is appended")
  func sorts() {
    var command = RedisCommand("X")
    command.append("")
    command.append([1, 13, 10, 0])
    command.append([9, 8, 7, 6][1..<3])
    command.append("NX" as StaticString)
    command.append(0)
    command.append(-42)
    command.append(Int64.min)
    command.append(Int.max)
    #expect(command.argumentCount == 9)
    #expect(
      encoded(command)
        == "*9\r\n$1\r\nX\r\n$0\r\n\r\n$4\r\n\u{1}\r\n\0\r\n$2\r\n\u{8}\u{7}\r\n$2\r\nNX\r\n$1\r\n0\r\n$3\r\n-42\r\n"
        + "$20\r\n-9223372036854775808\r\n$19\r\n9223372036854775807\r\n")
  }

  @Test("integers of every length are written in decimal", arguments: 0..<63)
  func integers(bit: Int) {
    for value in [Int64(1) << Int64(bit), -(Int64(1) << Int64(bit)), (Int64(1) << Int64(bit)) - 1] {
      var command = RedisCommand("X")
      command.append(value)
      #expect(encoded(command) == "*2\r\n$1\r\nX\r\n$\(String(value).utf8.count)\r\n\(value)\r\n")
    }
  }

  @Test("a command that was copied grows on its own")
  func copies() {
    let first = RedisCommand("GET")
    var second = first
    second.append("k")
    #expect(encoded(first) == "*1\r\n$3\r\nGET\r\n")
    #expect(second.argumentCount == 2)
  }
}

@Suite("Redis script")
struct RedisScriptTests {
  private let sha1 = "E0E1F9FABFC9D4800C877A703B823AC0578FF8DB"

  @Test("a script whose SHA-1 is known is called by it")
  func byHash() {
    let script = RedisScript(name: "one", source: Array("return 1".utf8), sha1: sha1)
    var command = RedisCommand(script, keys: ["a", "b"])
    command.append(7)
    var bytes: [UInt8] = []
    command.encode(into: &bytes)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "*6\r\n$7\r\nEVALSHA\r\n$40\r\n\(sha1.lowercased())\r\n$1\r\n2\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\n7\r\n")
    #expect(script.sha1 == sha1.lowercased())
  }

  @Test("a script whose SHA-1 is not known is called with its source")
  func bySource() {
    let script = RedisScript(name: "one", source: Array("return 1".utf8))
    var bytes: [UInt8] = []
    RedisCommand(script, keys: []).encode(into: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "*3\r\n$4\r\nEVAL\r\n$8\r\nreturn 1\r\n$1\r\n0\r\n")
    #expect(script.sha1 == nil)
  }

  @Test("what is no SHA-1 counts as none", arguments: ["", "abc", String(repeating: "g", count: 40)])
  func noHash(text: String) {
    #expect(RedisScript(name: "x", source: [], sha1: text).sha1 == nil)
  }
}
