/// Which web pages may call the API: CORS_ORIGINS.
///
/// Source: https://fetch.spec.whatwg.org/#http-cors-protocol, RFC 6454.
struct AllowedOrigins: Sendable, Hashable {
  private var isEverybody = false
  private var allowsLocalhost = false
  private var origins: Set<String> = []

  /// Pages of this machine, on any port.
  static let localhost = AllowedOrigins("localhost") ?? AllowedOrigins()

  static let expected = "*, none, or origins with commas (https://app.example.com); localhost means any port of it"

  private init() {}

  /// Reads the setting; nil when an entry is no origin.
  init?(_ text: String) {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let entry = Self.trimmed(part).lowercased()
      switch entry {
      case "*": isEverybody = true
      case "localhost": allowsLocalhost = true
      case "none" where text == "none": break
      default:
        guard Self.isOrigin(entry) else { return nil }
        origins.insert(entry)
      }
    }
  }

  /// Whether a page of `origin` may call a server that it reaches as `host` (the Host field).
  ///
  /// A page of the server's own address may when that is a numeric one. A name proves nothing here: a hostile page can
  /// have its name resolve to this server (DNS rebinding), and then both fields hold that name.
  func allow(_ origin: String, host: String?) -> Bool {
    if isEverybody { return true }
    let origin = origin.lowercased()
    guard let authority = Self.authority(origin) else { return false }
    if let host, authority == host.lowercased(), Self.isNumeric(authority) { return true }
    if origins.contains(origin) { return true }
    return allowsLocalhost && Self.isLocal(authority)
  }

  /// `192.0.2.1:4000`, `[2001:db8::1]:4000`: no resolver stands between such an origin and its server.
  private static func isNumeric(_ authority: Substring) -> Bool {
    authority.hasPrefix("[") || authority.utf8.allSatisfy { (0x30...0x39).contains($0) || ".:".utf8.contains($0) }
  }

  private static func isLocal(_ authority: Substring) -> Bool {
    for name in ["localhost", "127.0.0.1", "[::1]"] {
      if authority == name { return true }
      if authority.hasPrefix(name + ":") { return authority.dropFirst(name.count + 1).allSatisfy(\.isASCIIDigit) }
    }
    return false
  }

  /// Host and port of an http or https origin.
  private static func authority(_ origin: String) -> Substring? {
    for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
      return origin.dropFirst(scheme.count)
    }
    return nil
  }

  private static func isOrigin(_ entry: String) -> Bool {
    guard let authority = authority(entry), !authority.isEmpty else { return false }
    return authority.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || ".-:[]".utf8.contains(byte)
    }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
}
