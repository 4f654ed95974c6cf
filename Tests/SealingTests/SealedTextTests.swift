import Sealing
import TestSupport
import Testing

@Suite struct SealedTextTests {
  let master = secret("8f3a1c9e5b7d204466e1f0c3a9d85b7213fe60927ad4c8b10e95372f6ad1be48")
  let data = AssociatedData("memory.01K3", "memory.store", "payload")

  @Test("what was sealed opens, at every length")
  func roundTrips() throws {
    var random = SeededGenerator(seed: 41)
    for count in Array(0...70) + [300, 4096, 1 << 20] {
      let plaintext = random.bytes(count)
      let text = try SealedText.seal(plaintext, master: master, info: "test v1", associatedData: data)
      #expect(SealedText.isSealed(text))
      #expect(text.allSatisfy { $0 > 0x20 && $0 < 0x7F })
      #expect(try SealedText.open(text, master: master, info: "test v1", associatedData: data) == plaintext)
    }
  }

  @Test("the form is the documented one, so that another program can open it")
  func form() throws {
    let text = try SealedText.seal([1, 2, 3], master: master, info: "test v1", associatedData: data)
    let sealed = try Base64URL.decode(Array(text.dropFirst(5)))
    #expect(text.starts(with: Array("wcs1.".utf8)))
    #expect(sealed.count == 32 + 12 + 3 + 16)
    let key = try HKDF.derive(from: master, salt: Array(sealed[..<32]), info: Array("test v1".utf8))
    let opened = try AEAD.aes256GCM.open(
      Array(sealed[44...]), key: key, nonce: Array(sealed[32..<44]), associatedData: data.bytes)
    #expect(opened == [1, 2, 3])
  }

  @Test("the text of another program opens")
  func foreignText() throws {
    // Made with Python's `cryptography`: salt 00..1f, nonce 00..0b.
    let text = """
      wcs1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AAQIDBAUGBwgJCgtnc4Fsl9JMHU8WODH-qnjzie0XA0dGwmnX3q8K5o4
      """
    let opened = try SealedText.open(Array(text.utf8), master: master, info: "job payload v1", associatedData: data)
    #expect(String(decoding: opened, as: UTF8.self) == #"{"user":"ada"}"#)
  }

  @Test("two seals of one content have nothing in common")
  func freshness() throws {
    let first = try SealedText.seal([1], master: master, info: "test v1", associatedData: data)
    let second = try SealedText.seal([1], master: master, info: "test v1", associatedData: data)
    #expect(first.dropFirst(5).prefix(40) != second.dropFirst(5).prefix(40))
  }

  @Test("each altered character is refused")
  func tamper() throws {
    let text = try SealedText.seal(Array("canary".utf8), master: master, info: "test v1", associatedData: data)
    for index in text.indices {
      for replacement in Array("A_.=".utf8) where text[index] != replacement {
        var other = text
        other[index] = replacement
        #expect(throws: SealingError.self, "character \(index)") {
          try SealedText.open(other, master: master, info: "test v1", associatedData: data)
        }
      }
      #expect(throws: SealingError.self, "cut at \(index)") {
        try SealedText.open(Array(text.prefix(index)), master: master, info: "test v1", associatedData: data)
      }
    }
  }

  @Test("another key, purpose or associated data is refused")
  func binding() throws {
    let text = try SealedText.seal([1], master: master, info: "test v1", associatedData: data)
    let failed = SealingError.authenticationFailed
    #expect(throws: failed) {
      try SealedText.open(text, master: .random(), info: "test v1", associatedData: data)
    }
    #expect(throws: failed) { try SealedText.open(text, master: master, info: "test v2", associatedData: data) }
    let others = [
      AssociatedData(), AssociatedData("memory.01K3", "memory.store"),
      AssociatedData("memory.01K3", "memory.store", "result"), AssociatedData("memory.01K3", "memory.storepayload"),
      AssociatedData("memory.01K3memory.store", "", "payload"),
      AssociatedData("memory.01K3", "memory.store", "payload", ""),
    ]
    for other in others {
      #expect(throws: failed) { try SealedText.open(text, master: master, info: "test v1", associatedData: other) }
    }
  }

  @Test("texts of another form are told apart from altered ones")
  func malformed() {
    let open = { (text: String) in
      #expect(throws: SealingError.self) {
        try SealedText.open(Array(text.utf8), master: master, info: "test v1", associatedData: data)
      }?.code
    }
    for text in ["", "wcs1", "wcs1.", "wcs2.AAAA", "{\"kind\":\"x\"}", "wcs1.====", "wcs1.AAAA", "WCS1.AAAA"] {
      #expect(open(text) == "malformed", "\(text)")
    }
    #expect(open("wcs1." + Base64URL.string(.init(repeating: 0, count: 59))) == "malformed")
    #expect(open("wcs1." + Base64URL.string(.init(repeating: 0, count: 60))) == "authentication_failed")
  }

  @Test("a short master key and a long purpose are refused")
  func arguments() {
    #expect(throws: SealingError.wrongLength(argument: "master key", expected: "at least 32", actual: 31)) {
      try SealedText.seal(
        [], master: SecretBytes(copying: .init(repeating: 1, count: 31)), info: "", associatedData: data)
    }
    #expect(throws: SealingError.wrongLength(argument: "info", expected: "at most 1024", actual: 1025)) {
      try SealedText.seal([], master: master, info: String(repeating: "i", count: 1025), associatedData: data)
    }
  }

  @Test("no mutation of a sealed text opens or crashes")
  func fuzz() throws {
    var random = SeededGenerator(seed: 43)
    let text = try SealedText.seal(Array("canary".utf8), master: master, info: "test v1", associatedData: data)
    for _ in 0..<100_000 {
      var other = random.mutate(text, changes: 1)
      if Bool.random(using: &random) { other = random.mutate(other, changes: 1) }
      guard other != text else { continue }
      let opened = try? SealedText.open(other, master: master, info: "test v1", associatedData: data)
      if opened != nil { Issue.record("opened \(String(decoding: other, as: UTF8.self)), \(random)") }
    }
  }
}

@Suite struct WrappedKeyTests {
  let data = AssociatedData("user-1", "3")

  @Test("a data key comes back under its key and data, through the stored form")
  func roundTrip() throws {
    let dataKey = try SecretBytes.random()
    let wrapping = try SecretBytes.random()
    let wrapped = try WrappedKey.seal(dataKey, under: wrapping, associatedData: data)
    #expect(wrapped.bytes.count == WrappedKey.length)
    #expect(try WrappedKey(bytes: wrapped.bytes).open(under: wrapping, associatedData: data) == dataKey)
    #expect(try WrappedKey.seal(dataKey, under: wrapping, associatedData: data) != wrapped)
  }

  @Test("another key, other data and each altered byte are refused")
  func refusals() throws {
    let wrapping = try SecretBytes.random()
    let wrapped = try WrappedKey.seal(.random(), under: wrapping, associatedData: data)
    #expect(throws: SealingError.authenticationFailed) { try wrapped.open(under: .random(), associatedData: data) }
    #expect(throws: SealingError.authenticationFailed) {
      try wrapped.open(under: wrapping, associatedData: AssociatedData("user-1", "4"))
    }
    for index in wrapped.bytes.indices {
      var other = wrapped.bytes
      other[index] ^= 0x80
      let error = #expect(throws: SealingError.self) {
        try WrappedKey(bytes: other).open(under: wrapping, associatedData: data)
      }
      #expect(error?.code == (index == 0 ? "malformed" : "authentication_failed"), "byte \(index)")
    }
  }

  @Test("other lengths are refused")
  func lengths() throws {
    let key = try SecretBytes.random()
    for count in [0, 60, 62] {
      #expect(throws: SealingError.self) { try WrappedKey(bytes: .init(repeating: 1, count: count)) }
    }
    #expect(throws: SealingError.wrongLength(argument: "data key", expected: "32", actual: 16)) {
      try WrappedKey.seal(.random(count: 16), under: key, associatedData: data)
    }
    #expect(throws: SealingError.wrongLength(argument: "key", expected: "32", actual: 33)) {
      try WrappedKey.seal(key, under: .random(count: 33), associatedData: data)
    }
  }
}

@Suite struct AssociatedDataTests {
  @Test("lists that join to the same bytes are written differently")
  func unambiguous() {
    let lists = [
      AssociatedData(), AssociatedData(""), AssociatedData("", ""), AssociatedData("ab", "c"),
      AssociatedData("a", "bc"),
      AssociatedData("abc"), AssociatedData("", "abc"), AssociatedData("abc", ""),
    ]
    for (index, list) in lists.enumerated() {
      for other in lists[(index + 1)...] { #expect(list.bytes != other.bytes) }
    }
  }

  @Test("a field is its length in 8 bytes and its bytes")
  func form() {
    var list = AssociatedData("ab")
    list.append([0xFF])
    #expect(list.bytes == [0, 0, 0, 0, 0, 0, 0, 2, 0x61, 0x62, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF])
  }
}
