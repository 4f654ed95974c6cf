import TestSupport
import Testing

@testable import Transport

@Suite("Byte buffer")
struct ByteBufferTests {
  @Test("what is appended comes out in order, by every way of appending")
  func appends() {
    var buffer = ByteBuffer()
    buffer.append(UInt8(ascii: "a"))
    buffer.append([0x62, 0x63])
    buffer.append([0x00, 0x64, 0x65][1...])
    buffer.append("fgh" as StaticString)
    buffer.append("ij" + "k")
    buffer.append(decimal: -120)
    buffer.append(decimal: Int64.min)
    [UInt8]("!".utf8).withUnsafeBytes { buffer.append($0) }
    #expect(String(decoding: buffer.takeAll(), as: UTF8.self) == "abcdefghijk-120-9223372036854775808!")
    let isEmpty = buffer.isEmpty
    #expect(isEmpty)
  }

  @Test("decimal digits are those of the standard library", arguments: [0, 9, 10, 99, 100, Int.max, Int.min, -1])
  func decimals(number: Int) {
    var buffer = ByteBuffer()
    buffer.append(decimal: number)
    #expect(String(decoding: buffer.takeAll(), as: UTF8.self) == String(number))
  }

  @Test("random appends and consumes agree with an array")
  func model() {
    var random = SeededGenerator()
    var buffer = ByteBuffer()
    var model: [UInt8] = []
    for step in 0..<5000 {
      if Bool.random(using: &random) {
        let size = Int.random(in: 0...(step % 50 == 0 ? 10_000 : 200), using: &random)
        let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        buffer.append(bytes)
        model += bytes
      } else {
        let size = Int.random(in: 0...model.count, using: &random)
        buffer.consume(size)
        model.removeFirst(size)
      }
      let same = buffer.withBytes { span in
        span.count == model.count && span.withUnsafeBufferPointer { Array($0) == model }
      }
      let count = buffer.count
      #expect(same && count == model.count, "\(random) step \(step)")
      if !same { return }
    }
  }

  @Test("lending an empty buffer gives an empty span")
  func empty() {
    let buffer = ByteBuffer()
    #expect(buffer.withBytes { $0.count } == 0)
    #expect(buffer.withUnsafeBytes { $0.count } == 0)
  }
}
