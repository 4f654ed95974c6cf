/// The codings that a client takes (RFC 9110 section 12.5.3), as far as they matter here.
public struct AcceptEncoding: Sendable, Hashable {
  /// Whether a body may be sent as gzip: it is named, or `*` is, with a weight that is not 0.
  public let allowsGzip: Bool

  /// Reads all Accept-Encoding fields; without one, or where it cannot be read, bodies go out as they are.
  public init(_ headers: HTTPHeaders) {
    var named: Bool?
    var others: Bool?
    for value in headers.values("Accept-Encoding") {
      for entry in value.split(separator: ",") {
        let parts = entry.split(separator: ";", omittingEmptySubsequences: false).map { part in
          String(decoding: part.utf8.filter { $0 != ASCII.space && $0 != ASCII.tab }, as: UTF8.self).lowercased()
        }
        guard let coding = parts.first else { continue }
        let isWanted = !parts.dropFirst().contains {
          $0.hasPrefix("q=") && $0.dropFirst(2).allSatisfy { $0 == "0" || $0 == "." }
        }
        switch coding {
        case "gzip", "x-gzip": named = isWanted
        case "*": others = isWanted
        default: break
        }
      }
    }
    allowsGzip = named ?? others ?? false
  }
}
