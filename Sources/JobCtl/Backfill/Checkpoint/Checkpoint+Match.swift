extension Checkpoint {
  /// Why this checkpoint does not belong to what is given now; nil when it does.
  ///
  /// - Parameters:
  ///   - tail: what stands before the checkpoint's place in the input; nil when the input ends earlier.
  func mismatch(settings now: Settings, size: Int64?, head: Excerpt, tail: Excerpt?) -> String? {
    for (name, then, now) in [
      ("format", settings.format, now.format), ("kind", settings.kind ?? "", now.kind ?? ""),
      ("queue", settings.queue ?? "", now.queue ?? ""), ("rejects", settings.rejects ?? "", now.rejects ?? ""),
      ("wait", settings.results ?? "", now.results ?? ""),
    ] where then != now {
      return "it was begun \(Self.told(name, then)) and is to go on \(Self.told(name, now))"
    }
    if let then = self.size {
      guard let size else { return "it was begun with a file, and the input is a stream" }
      if size != then { return "the input has \(size) bytes and had \(then)" }
      if head != self.head { return "the input begins otherwise" }
    } else if size != nil {
      return "it was begun with a stream, and the input is a file"
    }
    guard let tail else { return "the input ends before byte \(place.offset), up to where it was read" }
    return tail == self.tail ? nil : "what stands before byte \(place.offset) of the input has changed"
  }

  private static func told(_ name: String, _ value: String) -> String {
    value.isEmpty ? "without --\(name)" : "with --\(name) \(ShellText.quoted(value))"
  }
}
