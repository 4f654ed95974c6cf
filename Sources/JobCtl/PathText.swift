/// Builds the targets of requests.
enum PathText {
  /// A text as one part of a path or query: all but RFC 3986's unreserved characters percent-encoded.
  static func encoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return text.utf8.reduce(into: "") { result, byte in
      let isPlain =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "~"):
          true
        default: false
        }
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }

  /// `path?name=value&...` from the options that were given.
  static func query(_ path: String, _ arguments: Arguments, _ names: [String]) -> String {
    let pairs = names.compactMap { name in arguments[name].map { "\(name)=\(encoded($0))" } }
    return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
  }

  static let jobs = "/api/v1/jobs"

  static func job(_ id: String) -> String { "\(jobs)/\(encoded(id))" }
}
