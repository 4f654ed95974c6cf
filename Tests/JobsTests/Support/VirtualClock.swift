@testable import Jobs

/// The scripts with their clock replaced by a key that the test sets, and with a short search in `cancel`, so that
/// tombstones happen in short lines. Nothing of this is in the shipped sources.
enum VirtualClock {
  /// How many entries `cancel` looks at from each end.
  static let reach = 6

  static let scripts = scripts { $0 }

  /// The same with another change on top; a mutant, for instance.
  static func scripts(_ change: (String) -> String) -> Scripts {
    Scripts { _, source in
      let text = String(decoding: source, as: UTF8.self)
        .replacing(
          "local clock = redis.call('TIME')",
          with: "local tc = redis.call('GET', p .. 'testclock') or 1790000000000 "
            + "local clock = { math.floor(tc / 1000), (tc % 1000) * 1000 }"
        )
        .replacing("4096", with: "\(reach)")
      return Array(change(text).utf8)
    }
  }
}
