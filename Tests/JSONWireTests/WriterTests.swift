import JSONWire
import Testing

@Suite("Writing")
struct WriterTests {
  @Test("commas, names and nesting come out compact")
  func structure() throws {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("a", 1)
      writer.field("b", "x")
      writer.array("c") { writer in
        writer.int(1)
        writer.array { _ in }
        writer.object { _ in }
        writer.null()
      }
      writer.object("d") { $0.field("e", true) }
      writer.field("f", 0.5)
      writer.fieldNull("g")
      writer.field("h", raw: Array(#"{"kept": 1.0}"#.utf8))
      writer.field("i", ["p", "q"])
    }
    #expect(
      writer.text
        == #"{"a":1,"b":"x","c":[1,[],{},null],"d":{"e":true},"f":0.5,"g":null,"h":{"kept": 1.0},"i":["p","q"]}"#)
    #expect(throws: Never.self) { try JSONDocument(writer.bytes) }
  }

  @Test("each ASCII character is written as RFC 8259 demands and reads back")
  func ascii() throws {
    for byte in UInt8(0)...0x7F {
      let text = "<" + String(Unicode.Scalar(byte)) + ">"
      var writer = JSONWriter()
      writer.string(text)
      #expect(try JSONDocument(writer.bytes).root.asString == text)
      #expect(writer.bytes.allSatisfy { $0 >= 0x20 })
    }
    var writer = JSONWriter()
    writer.string("\u{8}\t\n\u{C}\r\"\\/\u{1}\u{1F}é")
    #expect(writer.text == #""\b\t\n\f\r\"\\/\u0001\u001fé""#)
  }

  @Test("integers of every width keep their digits")
  func integers() {
    var writer = JSONWriter()
    writer.array { writer in
      writer.int(0)
      writer.int(Int64.min)
      writer.int(Int64.max)
      writer.int(UInt64.max)
      writer.int(Int8(-7))
      writer.int(UInt128.max)
    }
    #expect(
      writer.text
        == "[0,-9223372036854775808,9223372036854775807,18446744073709551615,-7,340282366920938463463374607431768211455]"
    )
  }

  @Test("doubles read back to the bit; infinities and NaN become null")
  func doubles() throws {
    for value in [0.1, -0.0, 1e-7, Double.leastNonzeroMagnitude, 1.7976931348623157e308, 1e16, 123456789.125] {
      var writer = JSONWriter()
      writer.double(value)
      #expect(try JSONDocument(writer.bytes).root.asDouble?.bitPattern == value.bitPattern)
    }
    for value in [Double.infinity, -.infinity, .nan] {
      var writer = JSONWriter()
      writer.array { $0.double(value) }
      #expect(writer.text == "[null]")
    }
  }

  @Test("a value taken from a document is passed on byte for byte")
  func passing() throws {
    let text = #"{"payload":{ "big" : 123456789012345678901234567890, "f":1.500e+0, "s":"\u0041" }}"#
    let payload = try #require(try JSONDocument(text).root["payload"])
    var writer = JSONWriter()
    writer.object { $0.field("payload", payload) }
    #expect(writer.text == text)
  }

  @Test("lines of NDJSON are separate documents, and an emptied writer starts anew")
  func lines() {
    var writer = JSONWriter()
    writer.int(1)
    writer.newline()
    writer.bool(false)
    writer.newline()
    #expect(writer.text == "1\nfalse\n")
    writer.removeAll()
    writer.string(utf8: [0x61, 0xFF])
    #expect(writer.text == "\"a\u{FFFD}\"")
  }
}
