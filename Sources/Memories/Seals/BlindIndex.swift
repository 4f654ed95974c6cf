internal import Sealing

/// Tags as keyed hashes, so that they can be found and not read.
///
/// It shows how many tags a memory has and which of a user's memories share one; another user's equal tag looks
/// different.
enum BlindIndex {
  /// The form that is hashed: lower case, without white space around it, runs of white space as one blank.
  ///
  /// Part of the stored format: a change of it needs a new purpose in `UserKey`. Unicode is not normalised otherwise.
  static func normalised(_ tag: String) -> String {
    tag.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The indexes of the tags, each once, in the order of the tags.
  static func indexes(_ tags: [String], key: UserKey) throws(MemoryError) -> [String] {
    var indexes: [String] = []
    for tag in tags {
      let index = try ShortCode.hex(Array(normalised(tag).utf8), key: key.index)
      if !indexes.contains(index) { indexes.append(index) }
    }
    return indexes
  }
}
