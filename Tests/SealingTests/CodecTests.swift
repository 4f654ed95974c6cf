import Foundation
import Sealing
import TestSupport
import Testing

@Suite struct CodecTests {
  /// RFC 4648 section 10: text, base64, hexadecimal.
  static let vectors: [(String, String, String)] = [
    ("", "", ""), ("f", "Zg==", "66"), ("fo", "Zm8=", "666f"), ("foo", "Zm9v", "666f6f"),
    ("foob", "Zm9vYg==", "666f6f62"), ("fooba", "Zm9vYmE=", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
  ]

  @Test("the vectors of RFC 4648 encode and decode", arguments: vectors)
  func rfc4648(text: String, base64: String, hexadecimal: String) throws {
    let bytes = Array(text.utf8)
    let unpadded = base64.filter { $0 != "=" }
    #expect(Base64.string(bytes) == base64)
    #expect(Base64URL.string(bytes) == unpadded)
    #expect(Hex.string(bytes) == hexadecimal)
    #expect(try Base64.decode(base64) == bytes)
    #expect(try Base64URL.decode(unpadded) == bytes)
    #expect(try Hex.decode(hexadecimal.uppercased()) == bytes)
  }

  @Test("random bytes read back, and as Foundation reads them")
  func againstFoundation() throws {
    var random = SeededGenerator(seed: 31)
    for count in 0..<300 {
      let bytes = random.bytes(count)
      let text = Base64.string(bytes)
      #expect(text == Data(bytes).base64EncodedString(), "length \(count), \(random)")
      #expect(try Base64.decode(text) == bytes)
      #expect(try Base64URL.decode(Base64URL.encode(bytes)) == bytes)
      #expect(try Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }

  @Test("the URL alphabet differs in two characters")
  func alphabets() throws {
    #expect(Base64.string([0xFB, 0xEF, 0xFF]) == "++//")
    #expect(Base64URL.string([0xFB, 0xEF, 0xFF]) == "--__")
    #expect(throws: CodecError.invalidCharacter(offset: 0)) { try Base64.decode("--__") }
    #expect(throws: CodecError.invalidCharacter(offset: 2)) { try Base64URL.decode("--/_") }
  }

  @Test("texts that an encoder never writes are refused")
  func strictness() {
    #expect(throws: CodecError.notCanonical) { try Base64.decode("Zh==") }
    #expect(throws: CodecError.notCanonical) { try Base64.decode("Zm9=") }
    #expect(throws: CodecError.notCanonical) { try Base64URL.decode("Zh") }
    #expect(throws: CodecError.notCanonical) { try Base64URL.decode("Zm9") }
    #expect(throws: CodecError.invalidPadding) { try Base64.decode("Zg") }
    #expect(throws: CodecError.invalidPadding) { try Base64.decode("Zg=") }
    #expect(throws: CodecError.invalidPadding) { try Base64.decode("Z===") }
    #expect(throws: CodecError.invalidPadding) { try Base64.decode("====") }
    #expect(throws: CodecError.invalidCharacter(offset: 2)) { try Base64.decode("Zg==Zm9v") }
    #expect(throws: CodecError.invalidCharacter(offset: 2)) { try Base64URL.decode("Zg==") }
    #expect(throws: CodecError.invalidLength(5)) { try Base64URL.decode("Zm9vY") }
    #expect(throws: CodecError.invalidCharacter(offset: 3)) { try Base64.decode("Zm9\n") }
    #expect(throws: CodecError.invalidCharacter(offset: 1)) { try Base64URL.decode("Z\u{E9}9") }
    #expect(throws: CodecError.invalidLength(3)) { try Hex.decode("abc") }
    #expect(throws: CodecError.invalidCharacter(offset: 3)) { try Hex.decode("abcg") }
    #expect(throws: CodecError.invalidCharacter(offset: 1)) { try Hex.decode("0x00") }
  }

  @Test("every byte outside the alphabet is refused at its offset")
  func everyByte() {
    let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    for byte in UInt8(0)...255 where !alphabet.contains(byte) {
      for offset in 0..<6 {
        var text = Array("AAAAAA".utf8)
        text[offset] = byte
        #expect(throws: CodecError.invalidCharacter(offset: offset)) { try Base64URL.decode(text) }
      }
    }
  }

  @Test("whatever decodes encodes to the same text, and nothing crashes")
  func fuzz() {
    var random = SeededGenerator(seed: 37)
    let seeds = (0..<8).map { Base64.encode(random.bytes($0)) } + (0..<8).map { Base64URL.encode(random.bytes($0)) }
    var accepted = 0
    for round in 0..<100_000 {
      let text = random.mutate(seeds[round % seeds.count], changes: 1)
      if let bytes = try? Base64.decode(text) {
        accepted += 1
        if Base64.encode(bytes) != text { Issue.record("base64 \(text), \(random)") }
      }
      if let bytes = try? Base64URL.decode(text) {
        accepted += 1
        if Base64URL.encode(bytes) != text { Issue.record("base64url \(text), \(random)") }
      }
      if let bytes = try? Hex.decode(text), Hex.encode(bytes).count != text.count {
        Issue.record("hex \(text), \(random)")
      }
    }
    #expect(accepted > 1_000)
  }

  @Test("errors have a code and say what to do")
  func errors() {
    for error in [CodecError.invalidCharacter(offset: 3), .invalidLength(5), .invalidPadding, .notCanonical] {
      #expect(!error.code.isEmpty)
      #expect(error.description.count > 20)
    }
  }
}
