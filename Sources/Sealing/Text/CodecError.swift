/// Why a text is not the hexadecimal or base64 form of some bytes; offsets only, since the text may be a key.
public enum CodecError: Error, Sendable, Equatable {
  /// The byte at `offset` is not of the alphabet.
  case invalidCharacter(offset: Int)
  /// No bytes have a form of this many characters.
  case invalidLength(Int)
  /// The padding is missing, too long, or stands where none may.
  case invalidPadding
  /// The last character carries bits that no byte uses: an encoder writes zeros there.
  case notCanonical

  /// A stable word for logs, metrics and comparison.
  public var code: String {
    switch self {
    case .invalidCharacter: "invalid_character"
    case .invalidLength: "invalid_length"
    case .invalidPadding: "invalid_padding"
    case .notCanonical: "not_canonical"
    }
  }
}

extension CodecError: CustomStringConvertible {
  /// What is wrong with the text and where, without the text.
  public var description: String {
    switch self {
    case .invalidCharacter(let offset): "the character at offset \(offset) is not of the alphabet"
    case .invalidLength(let length): "a text of \(length) characters is cut short; encode again"
    case .invalidPadding: "the '=' padding at the end is wrong; encode again"
    case .notCanonical: "the last character has bits that stand for nothing; encode again"
    }
  }
}
