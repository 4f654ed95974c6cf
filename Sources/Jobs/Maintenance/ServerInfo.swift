/// What INFO says: `name:value` lines.
public struct ServerInfo: Sendable, Hashable {
  private let values: [String: String]

  /// Reads the text of INFO; lines that are no pair are passed over.
  public init(_ text: String) {
    var values: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      values[String(line[..<colon])] = String(line[line.index(after: colon)...])
    }
    self.values = values
  }

  /// A value by its name.
  public subscript(_ name: String) -> String? { values[name] }

  /// How full the memory is, 1 at `maxmemory`; nil when there is no limit or INFO does not say.
  public var memoryFill: Double? {
    guard let used = values["used_memory"].flatMap({ Double($0) }),
      let limit = values["maxmemory"].flatMap({ Double($0) }), limit > 0
    else { return nil }
    return used / limit
  }
}
