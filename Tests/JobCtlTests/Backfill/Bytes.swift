/// Bytes of a text, as the readers take them.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Bytes as text, for comparisons that a person can read.
func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
