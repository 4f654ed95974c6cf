public import HTTPWire

/// OTEL_EXPORTER_OTLP_HEADERS: `name=value,name=value`, values percent-encoded.
///
/// See https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables.
public enum OTLPHeaders {
  /// What a value must look like, for messages.
  public static let expected = "name=value pairs with commas between them, values percent-encoded"

  /// The fields; nil when the text is malformed, names a field twice or one that the exporter sets itself.
  public static func parse(_ text: String) -> HTTPHeaders? {
    var headers = HTTPHeaders()
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
      guard pair.count == 2, !pair[0].isEmpty, pair[0].utf8.allSatisfy(isToken), let value = decoded(pair[1]),
        !reserved.contains(pair[0].lowercased()), !headers.contains(pair[0])
      else { return nil }
      headers.append(pair[0], value)
    }
    return headers
  }

  private static let reserved: Set<String> = [
    "host", "content-length", "content-type", "transfer-encoding", "connection",
  ]

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// RFC 9110's token.
  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  /// The value with its escapes undone; nil when one is broken or a byte is no visible ASCII or space.
  private static func decoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
        !rest.prefix(2).contains(UInt8(ascii: "+"))
      else { return nil }
      rest.removeFirst(2)
      bytes.append(value)
    }
    guard bytes.allSatisfy({ (32...126).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}
