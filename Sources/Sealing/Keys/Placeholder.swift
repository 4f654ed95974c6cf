/// Words of example configurations that are meant to be replaced.
enum Placeholder {
  /// Seven letters at least, so that the base64 form of a random key holds one by chance less than once in 10^8 keys.
  private static let words: [[UInt8]] = [
    "changeme", "changethis", "replaceme", "replacewith", "yourkey", "yoursecret", "yourencryption", "placeholder",
    "examplekey", "insecure", "supersecret", "defaultkey", "password", "secretkey", "notasecret", "dummykey",
    "encryptionkey", "keyhere", "secrethere",
  ].map { Array($0.utf8) }

  /// Whether a word stands in `text`; case and everything but letters are passed over, so `YOUR-KEY-here` counts.
  static func occurs(in text: Span<UInt8>) -> Bool {
    var letters: [UInt8] = []
    letters.reserveCapacity(text.count)
    defer { wipe(&letters) }
    for index in text.indices {
      let lower = text[index] | 0x20
      if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower) { letters.append(lower) }
    }
    return words.contains { word in
      letters.count >= word.count
        && (0...letters.count - word.count).contains { start in
          word.indices.allSatisfy { letters[start + $0] == word[$0] }
        }
    }
  }

  private static func wipe(_ letters: inout [UInt8]) {
    _ = SecretBytes(moving: &letters)
  }
}
