import RedisWire
import Testing

#if !Hiredis
  @Suite("RESP refusals")
  struct RESPRefusalTests {
    struct Refusal: Sendable, CustomStringConvertible {
      let wire: String
      let reason: RESPError.Reason
      let offset: Int
      var description: String { wire.debugDescription }

      init(_ wire: String, _ reason: RESPError.Reason, _ offset: Int) {
        self.wire = wire
        self.reason = reason
        self.offset = offset
      }
    }

    static let refusals: [Refusal] = [
      Refusal("HTTP/1.1 400 Bad Request\r\n", .unknownType, 0), Refusal("\r\n", .unknownType, 0),
      Refusal("\0", .unknownType, 0), Refusal("+OK\r\n?\r\n", .unknownType, 5), Refusal("*1\r\n@", .unknownType, 4),
      Refusal(":\r\n", .integer, 1), Refusal(":-\r\n", .integer, 2), Refusal(":+1\r\n", .integer, 1),
      Refusal(":01\r\n", .integer, 1), Refusal(":-0\r\n", .integer, 2), Refusal(":1a\r\n", .integer, 2),
      Refusal(": 1\r\n", .integer, 1), Refusal(":9223372036854775808\r\n", .integer, 1),
      Refusal(":-9223372036854775809\r\n", .integer, 2), Refusal(":10000000000000000000\r\n", .integer, 20),
      Refusal(":1\n", .integer, 2), Refusal(":1\rx", .lineEnd, 3),
      Refusal("+a\n", .lineEnd, 2), Refusal("+a\rb\r\n", .lineEnd, 3), Refusal("-a\n\r\n", .lineEnd, 2),
      Refusal("$3\r\nabcd\r\n", .lineEnd, 7), Refusal("$3\r\nabc\n\n", .lineEnd, 7), Refusal("$1\r\na\rb", .lineEnd, 6),
      Refusal("$-2\r\n", .length, 1), Refusal("*-2\r\n", .length, 1), Refusal("%-1\r\n", .length, 1),
      Refusal("~-1\r\n", .length, 1), Refusal(">-1\r\n", .length, 1), Refusal("|-1\r\n", .length, 1),
      Refusal("!-1\r\n", .length, 1), Refusal("=-1\r\n", .length, 1), Refusal("$x\r\n", .integer, 1),
      Refusal("$?\r\n", .streamed, 1), Refusal("*?\r\n", .streamed, 1), Refusal("%?\r\n", .streamed, 1),
      Refusal("_x\r\n", .null, 1), Refusal("#x\r\n", .boolean, 1), Refusal("#\r\n", .boolean, 1),
      Refusal("#tt\r\n", .boolean, 1), Refusal(",\r\n", .double, 1), Refusal(",x\r\n", .double, 1),
      Refusal(",0x1\r\n", .double, 2), Refusal(",1..2\r\n", .double, 1), Refusal(",infinity\r\n", .double, 1),
      Refusal(",\(String(repeating: "1", count: 401))\r\n", .double, 1),
      Refusal("(\r\n", .bigNumber, 1), Refusal("(-\r\n", .bigNumber, 1), Refusal("(1.0\r\n", .bigNumber, 2),
      Refusal("=3\r\ntxt\r\n", .verbatim, 0), Refusal("=5\r\ntext:\r\n", .verbatim, 0),
      Refusal("*1\r\n>1\r\n:1\r\n", .misplaced, 4), Refusal("|1\r\n>0\r\n", .misplaced, 4),
    ]

    @Test("what is not RESP is refused at the byte that is wrong", arguments: refusals)
    func whole(refusal: Refusal) {
      let decoded = decode(Array(refusal.wire.utf8))
      #expect(decoded.error?.reason == refusal.reason)
      #expect(decoded.error?.offset == refusal.offset)
      #expect(decoded.error?.code == "resp_syntax")
      #expect(decoded.error?.description.contains("offset \(refusal.offset)") == true)
    }

    @Test("a refusal is the same wherever the stream is cut", arguments: refusals)
    func cut(refusal: Refusal) {
      let bytes = Array(refusal.wire.utf8)
      for cut in 0...bytes.count {
        let decoded = decode(bytes, cuts: [cut])
        #expect(
          decoded.error?.reason == refusal.reason && decoded.error?.offset == refusal.offset, "cut at \(cut)")
      }
      #expect(decode(bytes, cuts: Array(0..<bytes.count)).error?.offset == refusal.offset)
    }

    @Test("an error names the byte")
    func byte() {
      let error = decode(Array("*1\r\n@".utf8)).error
      #expect(error?.byte == UInt8(ascii: "@"))
      #expect(error?.description.contains("0x40") == true)
    }

    @Test("after an error every call answers the same error")
    func poisoned() {
      var decoder = RESPDecoder()
      var consumed = 0
      let first = #expect(throws: RESPError.self) { try decoder.decode([64].span, consumed: &consumed) }
      let second = #expect(throws: RESPError.self) {
        try decoder.decode(Array("+OK\r\n".utf8).span, consumed: &consumed)
      }
      #expect(first == second && consumed == 0)
    }
  }

  @Suite("RESP limits")
  struct RESPLimitTests {
    private func refusal(_ wire: String, _ limits: RESPLimits) -> RESPError? {
      let bytes = Array(wire.utf8)
      let whole = decode(bytes, limits: limits).error
      for cut in 0...bytes.count {
        #expect(decode(bytes, cuts: [cut], limits: limits).error == whole, "cut at \(cut)")
      }
      #expect(whole == nil || whole?.code == "resp_limit")
      return whole
    }

    @Test("depth is limited")
    func depth() {
      #expect(refusal("*1\r\n*1\r\n*0\r\n", RESPLimits(depth: 3)) == nil)
      #expect(refusal("*1\r\n*1\r\n*1\r\n", RESPLimits(depth: 2))?.reason == .depthLimit(2))
      #expect(refusal("*1\r\n%1\r\n|1\r\n", RESPLimits(depth: 2))?.reason == .depthLimit(2))
      #expect(refusal("*1\r\n", RESPLimits(depth: 0))?.reason == .depthLimit(0))
    }

    @Test("values are counted over all levels, as they are announced")
    func elements() {
      #expect(refusal("*2\r\n*1\r\n:1\r\n:2\r\n", RESPLimits(elements: 3)) == nil)
      #expect(refusal("*2\r\n*2\r\n", RESPLimits(elements: 3))?.reason == .elementLimit(3))
      #expect(refusal("%2\r\n", RESPLimits(elements: 3))?.reason == .elementLimit(3))
      #expect(refusal("*9223372036854775807\r\n", .default)?.reason == .elementLimit(4_000_000))
      #expect(refusal("%9223372036854775807\r\n", .default)?.reason == .elementLimit(4_000_000))
      #expect(refusal("*1\r\n:1\r\n*1\r\n:1\r\n*1\r\n:1\r\n", RESPLimits(elements: 1)) == nil)
    }

    @Test("the length of a string and of a line is limited")
    func bulk() {
      #expect(refusal("$5\r\nhello\r\n", RESPLimits(bulkBytes: 5)) == nil)
      #expect(refusal("$6\r\n", RESPLimits(bulkBytes: 5))?.reason == .bulkLimit(5))
      #expect(refusal("$9223372036854775807\r\n", .default)?.reason == .bulkLimit(64 << 20))
      #expect(refusal("+hello\r\n", RESPLimits(bulkBytes: 5)) == nil)
      #expect(refusal("+hello!", RESPLimits(bulkBytes: 5))?.reason == .bulkLimit(5))
    }

    @Test("the length of a reply is limited, and each reply begins anew")
    func reply() {
      #expect(refusal("$5\r\nhello\r\n$5\r\nhello\r\n", RESPLimits(replyBytes: 11)) == nil)
      #expect(refusal("$5\r\nhello\r\n", RESPLimits(replyBytes: 10))?.reason == .replyLimit(10))
      #expect(refusal("*2\r\n:1\r\n:2\r\n", RESPLimits(replyBytes: 11))?.reason == .replyLimit(11))
      #expect(refusal("*2\r\n$1\r\na\r\n$90\r\n", RESPLimits(replyBytes: 60))?.reason == .replyLimit(60))
    }

    @Test("limits beyond all measure do not trap")
    func extremes() {
      for extreme in [Int.max, Int.min] {
        let limits = RESPLimits(depth: extreme, elements: extreme, bulkBytes: extreme, replyBytes: extreme)
        for wire in ["$9223372036854775807\r\n", "*9223372036854775807\r\n", "%4611686018427387904\r\n", "+OK\r\n"] {
          _ = decode(Array(wire.utf8), cuts: [1, 3], limits: limits)
        }
      }
    }
  }
#endif
