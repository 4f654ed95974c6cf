import JSONWire
import Testing

@Suite("The grammar of RFC 8259")
struct GrammarTests {
  @Test(
    "a valid document is accepted, and its root is all of it but the white space around", arguments: acceptedDocuments)
  func accepted(text: String) throws {
    let document = try JSONDocument(text)
    #expect(document.bytes == Array(text.utf8))
    let blanks: Set<Character> = [" ", "\t", "\r", "\n", "\r\n"]
    let trimmed = text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()
    #expect(String(decoding: document.root.rawBytes, as: UTF8.self) == String(trimmed))
  }

  @Test("a malformed document is refused with its code and offset", arguments: refusedDocuments)
  func refused(text: String, code: JSONError.Code, offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
    #expect(error?.code == code, "\(text)")
    #expect(error?.offset == offset, "\(text)")
    #expect(error?.description.contains("at byte \(offset)") == true)
  }

  @Test("every document cut at any byte is refused, or is a shorter number", arguments: acceptedDocuments)
  func truncated(text: String) throws {
    let bytes = Array(text.utf8)
    let whole = try JSONDocument(bytes).root
    for length in 0..<whole.range.upperBound {
      let cut = Array(bytes[..<length])
      if let document = try? JSONDocument(cut) {
        #expect(document.root.kind == .number && whole.kind == .number, "cut at \(length)")
      }
    }
  }

  @Test(
    "ill-formed UTF-8 in a string is refused at its first byte",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x9F, 0xBF], [0xE0, 0x80, 0x80],
      [0xE2, 0x82],
      [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
      [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func illFormedUTF8(sequence: [UInt8]) {
    for suffix in [[], Array("x".utf8)] as [[UInt8]] {
      let bytes = Array("[\"ab".utf8) + sequence + suffix + Array("\"]".utf8)
      let error = #expect(throws: JSONError.self) { try JSONDocument(bytes) }
      #expect(error?.code == .invalidUTF8)
      #expect(error?.offset == 4)
      #expect(error?.pointer == "/0")
    }
  }

  @Test("every scalar of Unicode passes in a string, as itself and as an escape")
  func everyScalar() throws {
    var text = "["
    var scalars: [Unicode.Scalar] = []
    for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 61) {
      guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
      scalars.append(scalar)
      let escapes = String(scalar).utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
      text += (scalars.count == 1 ? "" : ",") + "\"\(scalar)\",\"\(escapes.joined())\""
    }
    let elements = Array(try JSONDocument(text + "]").root.elements)
    #expect(elements.count == scalars.count * 2)
    for (index, scalar) in scalars.enumerated() {
      #expect(elements[index * 2].asString.map { Array($0.unicodeScalars) } == [scalar])
      #expect(elements[index * 2 + 1].asString.map { Array($0.unicodeScalars) } == [scalar])
    }
  }

  @Test("the pointer of an error leads to what was being read")
  func errorPointer() {
    func pointer(_ text: String) -> String? { #expect(throws: JSONError.self) { try JSONDocument(text) }?.pointer }
    #expect(pointer("x") == "")
    #expect(pointer("[1,2,x]") == "/2")
    #expect(pointer(#"{"a":x}"#) == "/a")
    #expect(pointer(#"{"a":1,"b":{"c/d":[0,{"e":x}]}}"#) == "/b/c~1d/1/e")
    #expect(pointer(#"{"a":1,"b":[{},[1],x]}"#) == "/b/2")
    #expect(pointer(#"{"a":{"x":1,"x":2}}"#) == "/a")
    #expect(pointer(#"{"a":1 x}"#) == "")
  }

  @Test("an error never repeats what a string holds")
  func errorsAreSilent() {
    for text in [#"{"a":"CANARY","a":"CANARY"}"#, #"["CANARY\x"]"#, #"["CANARY"#, #"["CANARY" 1]"#] {
      let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
      #expect(error?.description.contains("CANARY") == false)
    }
  }
}
