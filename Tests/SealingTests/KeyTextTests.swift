import Sealing
import TestSupport
import Testing

@Suite struct KeyTextTests {
  static let key = hex("8f3a1c9e5b7d204466e1f0c3a9d85b7213fe60927ad4c8b10e95372f6ad1be48")
  static let rawKey = "t7Qm!x2Zp#Lw9vKd4Rb&Ys8Nf3Hc6Jg1"

  @Test(
    "hexadecimal, base64, base64url and raw texts give their 32 bytes",
    arguments: [
      Hex.string(key), Hex.string(key).uppercased(), Base64.string(key), Base64URL.string(key),
      Base64URL.string(key) + "=", String(Base64.string(key).dropLast()), " \(Hex.string(key))\r\n",
    ])
  func forms(text: String) throws {
    #expect(try KeyText.parse(text).revealed == Self.key)
  }

  @Test("32 printable characters are taken as they are")
  func raw() throws {
    #expect(try KeyText.parse(Self.rawKey + "\n").revealed == Array(Self.rawKey.utf8))
    #expect(try KeyText.parse("9f86d081884c7d659a2feaa0c55ad015").count == 32)
  }

  @Test("both base64 alphabets in one text are refused")
  func mixedAlphabets() throws {
    let bytes: [UInt8] = [0xFB, 0xEF, 0xFF] + Self.key.dropFirst(3)
    let text = Base64.string(bytes)
    #expect(text.hasPrefix("++//"))
    #expect(try KeyText.parse(text).revealed == bytes)
    #expect(throws: KeyTextError.unreadable(form: "base64")) { try KeyText.parse("-" + text.dropFirst()) }
  }

  @Test(
    "examples that nobody replaced are refused",
    arguments: [
      "changeme", "CHANGE_ME", "your-key-here", "your-32-byte-encryption-key-here", "placeholder",
      "please-change-me-before-production", "REPLACE_ME_REPLACE_ME_REPLACE_ME_", "dev-insecure-key-0123456789-abcd",
      Base64.string(Array("changeme-changeme-changeme-12345".utf8)),
      Hex.string(Array("YOUR_SECRET_KEY_GOES_HERE_PLEASE".utf8)), "<placeholder>", "my super secret 32 character key",
    ])
  func placeholders(text: String) {
    #expect(throws: KeyTextError.placeholder) { try KeyText.parse(text) }
  }

  @Test(
    "texts that can be guessed are refused",
    arguments: [
      String(repeating: "0", count: 64), String(repeating: "f", count: 64), String(repeating: "a", count: 32),
      String(repeating: "ab", count: 32), String(repeating: "0123456789abcdef", count: 4),
      "0123456789abcdef0123456789abcdef", "abcdefghijklmnopqrstuvwxyz012345", "zyxwvutsrqponmlkjihgfedcba987654",
      Hex.string(Array(0..<32)), Hex.string(Array((0..<32).reversed())), Hex.string((0..<32).map { $0 * 7 }),
      Base64.string([UInt8](repeating: 0, count: 32)), String(repeating: "12345678", count: 4),
      String(repeating: "k9Xw2Lp7Qz4Rt8Vb", count: 2), "aabbccddaabbccddaabcabcdabcdabcd",
    ])
  func patterns(text: String) {
    let error = #expect(throws: KeyTextError.self) { try KeyText.parse(text) }
    #expect(error?.code == "key_predictable", "\(text)")
  }

  @Test("texts of no form are refused with what is wrong")
  func malformed() {
    let error = { (text: String) in #expect(throws: KeyTextError.self) { try KeyText.parse(text) }?.code }
    #expect(error("") == "key_empty")
    #expect(error(" \n\t") == "key_empty")
    #expect(error("hunter2") == "key_too_short")
    #expect(error(String(Self.rawKey.dropLast())) == "key_too_short")
    #expect(error(Self.rawKey + "x") == "key_wrong_length")
    #expect(error(Hex.string(Self.key) + "00") == "key_wrong_length")
    #expect(error("g" + Hex.string(Self.key).dropFirst()) == "key_unreadable")
    #expect(error("!" + Base64.string(Self.key).dropFirst()) == "key_unreadable")
    #expect(error(Base64URL.string(Self.key) + "x") == "key_unreadable")
    #expect(error("\u{1}" + Self.rawKey.dropFirst()) == "key_unreadable")
    #expect(error("é" + Self.rawKey.dropFirst(2)) == "key_unreadable")
  }

  @Test("no error shows any part of the text")
  func redaction() {
    for text in [
      "wQ7zpK9m-canary", "canary-" + Self.rawKey, "!!" + Hex.string(Self.key).dropFirst(2), "changeme-canary",
    ] {
      let error = #expect(throws: KeyTextError.self) { try KeyText.parse(text) }
      for shown in [error.map { "\($0)" } ?? "", error.map { String(reflecting: $0) } ?? ""] {
        #expect(!shown.contains("canary"))
        #expect(!shown.contains(text.prefix(6)))
      }
    }
  }

  @Test("random keys pass in every form")
  func randomKeys() throws {
    var random = SeededGenerator(seed: 23)
    for _ in 0..<1_000 {
      let key = random.bytes(32)
      for text in [Hex.string(key), Base64.string(key), Base64URL.string(key)] {
        #expect(try KeyText.parse(text).revealed == key, "\(random)")
      }
    }
  }

  @Test("no text crashes the reader")
  func fuzz() {
    var random = SeededGenerator(seed: 29)
    let texts = [Hex.string(Self.key), Base64.string(Self.key), Self.rawKey, "changeme"].map { Array($0.utf8) }
    for round in 0..<20_000 {
      var text = random.mutate(texts[round % texts.count], changes: 1)
      if round % 3 == 0 { text = random.mutate(text, changes: 1) }
      do {
        #expect(try KeyText.parse(String(decoding: text, as: UTF8.self)).count == 32, "\(random)")
      } catch {
        #expect(!error.code.isEmpty)
      }
    }
  }
}
