/// Why a text is no usable 32-byte key; it never carries any of the text.
public enum KeyTextError: Error, Sendable, Equatable {
  /// There is no text.
  case empty
  /// Fewer characters than the shortest form of 32 bytes.
  case tooShort(characters: Int)
  /// A length that no form of 32 bytes has.
  case wrongLength(characters: Int)
  /// The length of a form, but characters that it does not have.
  case unreadable(form: String)
  /// An example that nobody replaced.
  case placeholder
  /// Bytes that follow a pattern, so that they can be guessed.
  case predictable(reason: String)

  /// A stable word for logs, metrics and comparison.
  public var code: String {
    switch self {
    case .empty: "key_empty"
    case .tooShort: "key_too_short"
    case .wrongLength: "key_wrong_length"
    case .unreadable: "key_unreadable"
    case .placeholder: "key_placeholder"
    case .predictable: "key_predictable"
    }
  }
}

extension KeyTextError: CustomStringConvertible {
  /// What is wrong with the key and how to make a good one, without the key.
  public var description: String {
    let remedy = "make one with: openssl rand -hex 32"
    return switch self {
    case .empty: "the key is empty; \(remedy)"
    case .tooShort(let characters): "the key has \(characters) characters, too few for 32 bytes; \(remedy)"
    case .wrongLength(let characters):
      "the key has \(characters) characters, expected 64 (hexadecimal), 43 or 44 (base64) or 32 (raw); \(remedy)"
    case .unreadable(let form): "the key has the length of \(form), but characters that it does not allow; \(remedy)"
    case .placeholder: "the key is an example that was never replaced; \(remedy)"
    case .predictable(let reason): "the key can be guessed: \(reason); \(remedy)"
    }
  }
}
