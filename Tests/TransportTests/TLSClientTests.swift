import TestSupport
import Testing

@testable import Transport

@Suite("TLS without a socket")
@EventLoop
struct TLSClientTests {
  @Test(
    "it begins with a ClientHello that names the host, and nothing of what was written goes out before the handshake")
  func hello() throws {
    let client = try TLSClient(TLSContext(), host: "api.example")
    var wire = ByteBuffer()
    var output = ByteBuffer()
    try client.start(wire: &wire)
    output.append("sesame")
    let first = wire.takeAll()
    try client.send(&output, wire: &wire)
    let counts = (wire: wire.count, output: output.count)
    #expect(counts == (0, 6))
    #expect(first.prefix(2) == [0x16, 0x03] && String(decoding: first, as: UTF8.self).contains("api.example"))
    client.finish(wire: &wire)
    let left = wire.count
    #expect(left == 0)
  }

  @Test("an address is not sent as a name")
  func address() throws {
    let client = try TLSClient(TLSContext(), host: "127.0.0.1")
    var wire = ByteBuffer()
    try client.start(wire: &wire)
    #expect(!String(decoding: wire.takeAll(), as: UTF8.self).contains("127.0.0.1"))
  }

  @Test("5,000 strange answers, whole or in pieces, are errors or waits, and nothing ends the process")
  func garbage() throws {
    var generator = SeededGenerator()
    let context = try TLSContext()
    // A ServerHello of TLS 1.2 as far as it goes: record, handshake, version, random, session, cipher.
    let serverHello: [UInt8] =
      [0x16, 0x03, 0x03, 0x00, 0x2C, 0x02, 0x00, 0x00, 0x28, 0x03, 0x03] + [UInt8](repeating: 0x5A, count: 32)
      + [0x00, 0xC0, 0x2B, 0x00, 0x00, 0x00]
    var refused = 0
    for _ in 0..<5000 {
      let client = try TLSClient(context, host: "h")
      var wire = ByteBuffer()
      var input = ByteBuffer()
      try client.start(wire: &wire)
      var bytes = generator.mutate(serverHello, changes: 6)
      if generator.next() % 4 == 0 { bytes = (0..<200).map { _ in UInt8(truncatingIfNeeded: generator.next()) } }
      do throws(TransportError) {
        while !bytes.isEmpty {
          let count = min(bytes.count, 1 + Int(generator.next() % 80))
          try client.receive(Array(bytes.prefix(count)).span, input: &input, wire: &wire)
          bytes.removeFirst(count)
        }
      } catch {
        refused += 1
        guard case .transform = error else {
          Issue.record("\(error): \(generator)")
          continue
        }
      }
      let came = input.count
      #expect(came == 0, "\(generator)")
    }
    #expect(refused > 1000, "\(generator)")
  }
}
