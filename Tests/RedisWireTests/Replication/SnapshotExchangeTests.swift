import TestSupport
import Testing

@testable import RedisWire

@Suite("How a server hands out its data")
struct SnapshotExchangeTests {
  private static let id = String(repeating: "ab", count: 20)
  private static let mark = String(repeating: "0123456789", count: 4)

  /// What came out of bytes that came in pieces of at most `step`.
  private struct Outcome: Equatable {
    var actions: [SnapshotExchange.Action] = []
    var content: [UInt8] = []
    var error: SnapshotError?
    var isOver = false
  }

  private static func run(_ bytes: [UInt8], logins: Int = 0, pieces: [Int]) -> Outcome {
    var exchange = SnapshotExchange(logins: logins)
    var outcome = Outcome()
    var buffer: [UInt8] = []
    var rest = bytes[...]
    var turn = 0
    while !rest.isEmpty, outcome.error == nil {
      let count = min(rest.count, max(1, pieces[turn % pieces.count]))
      turn += 1
      buffer += rest.prefix(count)
      rest = rest.dropFirst(count)
      do throws(SnapshotError) {
        while true {
          var consumed = 0
          let result = buffer.withUnsafeBytes { bytes -> Result<SnapshotExchange.Action?, SnapshotError> in
            do throws(SnapshotError) { return .success(try exchange.receive(bytes, consumed: &consumed)) } catch {
              return .failure(error)
            }
          }
          let action = try result.get()
          if case .content(let count)? = action { outcome.content += buffer[..<count] }
          buffer.removeFirst(consumed)
          guard let action else { break }
          if case .content = action { continue }
          outcome.actions.append(action)
        }
      } catch {
        outcome.error = error
      }
    }
    outcome.isOver = exchange.isOver
    return outcome
  }

  private static let opening = "\n+OK\r\n+OK\r\n\n\n+FULLRESYNC \(id) 1234\r\n\n\n"

  private static let begun: [SnapshotExchange.Action] = [
    .send(.snapshotOnly), .send(.synchronise), .began(SnapshotOrigin(replicationID: id, offset: 1234)),
  ]

  @Test("from a file: so many bytes, at every cut")
  func counted() {
    let bytes = Array((Self.opening + "$11\r\nREDIS\r\n\n$5\n").utf8)
    for cut in 1...bytes.count {
      let outcome = Self.run(bytes, pieces: [cut])
      #expect(outcome.actions == Self.begun + [.announced(11)] && outcome.isOver && outcome.error == nil)
      #expect(outcome.content == Array("REDIS\r\n\n$5\n".utf8), "in pieces of \(cut)")
    }
  }

  @Test("as it is made: data until the mark, at every cut, also with the beginning of the mark in it")
  func marked() {
    let data = "REDIS0011\n" + Self.mark.prefix(39) + "0" + Self.mark.dropLast() + "x"
    let bytes = Array((Self.opening + "$EOF:\(Self.mark)\r\n" + data + Self.mark).utf8)
    for cut in 1...bytes.count {
      let outcome = Self.run(bytes, pieces: [cut, 1, 7])
      #expect(outcome.actions == Self.begun + [.announced(nil)] && outcome.isOver && outcome.error == nil)
      #expect(String(decoding: outcome.content, as: UTF8.self) == data, "in pieces of \(cut)")
    }
  }

  @Test("the login goes first, each command after the answer of the one before")
  func login() {
    let outcome = Self.run(Array("+OK\r\n+OK\r\n+OK\r\n".utf8), logins: 2, pieces: [4])
    #expect(outcome.actions == [.send(.login(1)), .send(.capabilities), .send(.snapshotOnly)])
    #expect(SnapshotExchange(logins: 1).first == .login(0) && SnapshotExchange(logins: 0).first == .capabilities)
  }

  @Test(
    "an error of the server is told, wherever it comes",
    arguments: [
      "-NOPERM no permission\r\n", "+OK\r\n-ERR Unrecognized REPLCONF option: rdb-only\r\n",
      "+OK\r\n+OK\r\n\n-ERR unknown command 'PSYNC'\r\n", "+OK\r\n+OK\r\n-NOMASTERLINK no link\r\n",
      opening + "-ERR BGSAVE failed\r\n",
    ])
  func refused(_ text: String) throws {
    let outcome = Self.run(Array(text.utf8), pieces: [3])
    guard case .redis(.server(let code, _))? = outcome.error else {
      Issue.record("\(outcome)")
      return
    }
    let isUnsupported = text.contains("NOPERM") || text.contains("Unrecognized") || text.contains("unknown command")
    #expect(outcome.error?.isUnsupported == isUnsupported && !code.isEmpty)
  }

  @Test(
    "what is not the protocol is refused",
    arguments: [
      "HTTP/1.1 400 Bad Request\r\n", "+OK\r\n+OK\r\n+CONTINUE\r\n", "+OK\r\n+OK\r\n+FULLRESYNC short 1\r\n",
      "+OK\r\n+OK\r\n+FULLRESYNC \(id) x\r\n", opening + "$-1\r\n", opening + "$0\r\n", opening + "$EOF:short\r\n",
      opening + "$99999999999999999999\r\n", opening + "+OK\r\n", String(repeating: "+", count: 2000),
    ])
  func malformed(_ text: String) {
    let outcome = Self.run(Array(text.utf8), pieces: [11])
    guard case .malformed? = outcome.error else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test("100,000 changed talks end in data, an error or a wait, and never say more than was sent")
  func mutations() {
    var random = SeededGenerator()
    let talks = [
      Array((Self.opening + "$5\r\nREDIS").utf8), Array((Self.opening + "$EOF:\(Self.mark)\r\nREDIS" + Self.mark).utf8),
    ]
    for turn in 0..<100_000 {
      let bytes = random.mutate(talks[turn % 2])
      let outcome = Self.run(bytes, pieces: [Int.random(in: 1...80, using: &random)])
      if outcome.content.count > bytes.count {
        Issue.record("\(random): more content than bytes")
        return
      }
    }
  }
}
