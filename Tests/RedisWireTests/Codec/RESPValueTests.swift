import RedisWire
import Testing

@Suite("RESP value")
struct RESPValueTests {
  private func bulk(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

  @Test("a value stays small")
  func size() {
    #expect(MemoryLayout<RESPValue>.stride <= 24)
  }

  @Test("an integer is read from an integer or from plain decimal")
  func integers() {
    #expect(RESPValue.integer(-3).int == -3)
    #expect(bulk("42").int == 42)
    #expect(RESPValue.simple("7").int == 7)
    #expect(bulk("-9223372036854775808").int == .min)
    #expect(bulk("9223372036854775807").int == .max)
    for text in ["", "-", "+1", "01", "-0", " 1", "1 ", "1.0", "9223372036854775808", "-9223372036854775809", "0x1"] {
      #expect(bulk(text).int == nil, "\(text)")
    }
    #expect(bulk("18446744073709551617").int == nil)
    #expect(RESPValue.null.int == nil)
    #expect(RESPValue.double(1_700_000_000_000).int == 1_700_000_000_000)
    for number in [1.5, .nan, .infinity, 1e300] { #expect(RESPValue.double(number).int == nil) }
  }

  @Test("text and bytes come from any string")
  func strings() {
    #expect(bulk("a").string == "a")
    #expect(RESPValue.simple("OK").bytes == Array("OK".utf8))
    #expect(RESPValue.bigNumber("12").string == "12")
    #expect(RESPValue.bulk([0xFF]).string == nil)
    #expect(RESPValue.bulk([0xFF]).bytes == [0xFF])
    #expect(RESPValue.integer(1).string == nil)
  }

  @Test("numbers and truth have their RESP2 spelling too")
  func resp2Spelling() {
    #expect(RESPValue.double(1.5).double == 1.5)
    #expect(bulk("1.5").double == 1.5)
    #expect(RESPValue.integer(2).double == 2)
    #expect(RESPValue.boolean(true).bool == true)
    #expect(RESPValue.integer(0).bool == false)
    #expect(RESPValue.integer(2).bool == nil)
  }

  @Test("pairs come from a map or from an array of even length")
  func pairs() throws {
    let flat = [bulk("a"), .integer(1), bulk("b"), .integer(2)]
    let map = try #require(RESPMap(alternating: flat))
    #expect(RESPValue.map(map).pairs == map)
    #expect(RESPValue.array(flat).pairs == map)
    #expect(map["b"] == .integer(2))
    #expect(map["c"] == nil)
    #expect(map.count == 2 && !map.isEmpty)
    #expect(map.map { $0.value.int } == [1, 2])
    #expect(RESPValue.array([.null]).pairs == nil)
    #expect(RESPValue.integer(1).pairs == nil)
  }

  @Test("elements come from arrays, sets and push messages")
  func elements() {
    #expect(RESPValue.array([.null]).elements == [.null])
    #expect(RESPValue.set([.null]).elements == [.null])
    #expect(RESPValue.push([.null]).elements == [.null])
    #expect(RESPValue.null.elements == nil)
    #expect(RESPValue.null.isNull && !RESPValue.integer(0).isNull)
  }

  @Test(
    "the first word of an error is its code when it is in capitals",
    arguments: [
      ("ERR unknown command 'x'", "ERR", "unknown command 'x'"),
      ("OOM command not allowed", "OOM", "command not allowed"),
      ("NOSCRIPT", "NOSCRIPT", ""),
      ("something went wrong", "ERR", "something went wrong"),
      ("", "ERR", ""),
      (" x", "ERR", " x"),
    ])
  func errorCodes(line: String, code: String, message: String) {
    let error = RedisServerError(line: line)
    #expect(error.code == code)
    #expect(error.message == message)
    #expect(RESPValue.error(error).error == error)
    #expect(error.description == line)
  }
}
