/// Where path and query of a request target lie in the bytes of its head (RFC 9112 section 3.2).
struct RequestTarget: Sendable {
  /// The path from its `/`, or `*`; empty when an absolute target has none, which means `/`.
  var path: Range<Int>
  /// After the `?`; empty when there is none.
  var query: Range<Int>

  /// Reads origin-form, absolute-form and, for OPTIONS, `*`.
  init(_ bytes: Span<UInt8>, _ range: Range<Int>, method: HTTPMethod) throws(HTTPParseError) {
    guard !range.isEmpty else { throw .malformedRequestLine }
    for index in range where !ASCII.isTarget(bytes[index]) { throw .malformedTarget }
    var start = range.lowerBound
    if bytes[start] == UInt8(ascii: "*") {
      guard range.count == 1, method == .options else { throw .malformedTarget }
      path = range
      query = range.upperBound..<range.upperBound
      return
    }
    if bytes[start] != UInt8(ascii: "/") {
      start = try Self.endOfAuthority(bytes, range)
    }
    var mark = start
    while mark < range.upperBound, bytes[mark] != UInt8(ascii: "?") { mark += 1 }
    path = start..<mark
    query = min(mark + 1, range.upperBound)..<range.upperBound
  }

  /// Skips `http://host:port`; user information is refused, since only a trick would send it.
  private static func endOfAuthority(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPParseError) -> Int {
    let schemes: [StaticString] = ["http://", "https://"]
    for scheme in schemes {
      let count = scheme.utf8CodeUnitCount
      guard range.count > count,
        ASCII.equals(bytes, range.lowerBound..<(range.lowerBound + count), scheme)
      else { continue }
      let start = range.lowerBound + count
      var index = start
      while index < range.upperBound, bytes[index] != UInt8(ascii: "/"), bytes[index] != UInt8(ascii: "?") {
        guard ASCII.isHost(bytes[index]) else { throw .malformedTarget }
        index += 1
      }
      if index == start { throw .malformedTarget }
      return index
    }
    throw .malformedTarget
  }
}
