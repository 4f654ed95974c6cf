import TestSupport
import Testing

@testable import HTTPWire

@Suite struct ServerSentEventTests {
  @Test("an event is framed line by line")
  func encodes() {
    let event = ServerSentEvent(id: "1-0", event: "job", data: Array("a\nb\r\nc\rd".utf8), retryMs: 2_000)
    #expect(
      String(decoding: event.encoded, as: UTF8.self)
        == "retry: 2000\nid: 1-0\nevent: job\ndata: a\ndata: b\ndata: c\ndata: d\n\n")
    #expect(String(decoding: ServerSentEvent.comment("beat\nx"), as: UTF8.self) == ": beatx\n\n")
    #expect(String(decoding: ServerSentEvent(data: Array("a\n".utf8)).encoded, as: UTF8.self) == "data: a\ndata: \n\n")
  }

  @Test("no id or name can forge a line")
  func injection() {
    let event = ServerSentEvent(id: "1\ndata: evil", event: "a\rb\u{0}", data: [120])
    #expect(String(decoding: event.encoded, as: UTF8.self) == "id: 1data: evil\nevent: ab\ndata: x\n\n")
  }

  @Test("what is written is read, wherever it is split")
  func roundTrip() {
    let events = [
      ServerSentEvent(id: "1", event: "job", data: Array("{\"a\":1}".utf8)),
      ServerSentEvent(id: "2", data: Array("two\nlines".utf8), retryMs: 5),
    ]
    let bytes = events[0].encoded + ServerSentEvent.comment("beat") + events[1].encoded
    for split in 0...bytes.count {
      var parser = ServerSentEventParser()
      #expect(parser.append(Array(bytes[..<split])) + parser.append(Array(bytes[split...])) == events, "\(split)")
    }
  }

  @Test("line ends of all kinds, unknown fields and events without data are understood")
  func tolerates() {
    var parser = ServerSentEventParser()
    let events = parser.append(Array("id: 9\r\nfoo: x\r\r\n\ndata:a\rdata: b\r\n\nevent: only\n\ndata\n\n".utf8))
    #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == ["a\nb", ""])
    #expect(events.map(\.id) == ["9", "9"])
  }

  @Test("long lines are bounded, and no bytes crash the reader")
  func mutations() {
    var parser = ServerSentEventParser(limit: 10)
    #expect(parser.append(Array("data: 0123456789\n\n".utf8)).first?.data.count == 4)
    var generator = SeededGenerator()
    let seed = ServerSentEvent(id: "1", event: "e", data: Array("x\ny".utf8), retryMs: 1).encoded
    for _ in 0..<20_000 { _ = parser.append(generator.mutate(seed)) }
  }
}
