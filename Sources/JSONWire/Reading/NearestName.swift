/// Finds what somebody probably meant.
public enum NearestName {
  /// The known name with the smallest edit distance to `name`, when that is at most `distance` and less than the length of
  /// `name`; the first one when several are as near.
  ///
  /// - Complexity: O(known · length²) for names of up to 64 bytes; longer names have no near one.
  public static func suggestion(
    for name: String, among known: some Sequence<String>, within distance: Int = 2
  ) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in known where candidate != name {
      guard let found = editDistance(name, candidate), found <= distance, found < name.utf8.count else { continue }
      if found < best?.distance ?? .max { best = (candidate, found) }
    }
    return best?.name
  }

  /// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b` (optimal string alignment,
  /// over UTF-8 bytes, upper and lower case alike); nil when one is longer than 64 bytes.
  public static func editDistance(_ a: String, _ b: String) -> Int? {
    let x = Array(a.lowercased().utf8)
    let y = Array(b.lowercased().utf8)
    guard x.count <= 64, y.count <= 64 else { return nil }
    var beforePrevious: [Int] = []
    var previous = Array(0...y.count)
    for (i, byte) in x.enumerated() {
      var row = [i + 1]
      for (j, other) in y.enumerated() {
        var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (byte == other ? 0 : 1))
        if i > 0, j > 0, byte == y[j - 1], x[i - 1] == other { cost = min(cost, beforePrevious[j - 1] + 1) }
        row.append(cost)
      }
      (beforePrevious, previous) = (previous, row)
    }
    return previous[y.count]
  }
}
