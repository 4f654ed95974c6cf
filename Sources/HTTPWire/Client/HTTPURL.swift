public import Transport

/// An absolute URL of a server, for settings: `http://host[:port][/path]`.
public struct HTTPURL: Sendable, Hashable {
  /// Whether it is `https`.
  public let isSecure: Bool
  /// The host as it was written, without brackets; the name that a certificate must have.
  public let host: String
  /// The port, 80 or 443 unless the URL says another one.
  public let port: Int
  /// The path without a slash at its end; empty for `/` and none.
  public let path: String

  /// Reads a URL; nil when it is not valid, or has a user, a query or a fragment.
  public init?(_ text: String) {
    let rest: Substring
    if text.hasPrefix("http://") {
      (isSecure, rest) = (false, text.dropFirst(7))
    } else if text.hasPrefix("https://") {
      (isSecure, rest) = (true, text.dropFirst(8))
    } else {
      return nil
    }
    guard rest.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !rest.contains(where: { "?#@\\".contains($0) }) else {
      return nil
    }
    let authority = rest.prefix { $0 != "/" }
    var path = rest[authority.endIndex...]
    while path.hasSuffix("/") { path = path.dropLast() }
    self.path = String(path)
    let isBracketed = authority.hasPrefix("[")
    let hostEnd =
      isBracketed
      ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
      : authority.firstIndex(of: ":") ?? authority.endIndex
    guard let hostEnd else { return nil }
    let named = authority[..<hostEnd]
    let host = isBracketed ? named.dropFirst().dropLast() : named
    guard !host.isEmpty, isBracketed || !host.contains(where: { "[]".contains($0) }) else { return nil }
    self.host = String(host)
    let afterHost = authority[hostEnd...]
    if afterHost.isEmpty {
      port = isSecure ? 443 : 80
    } else {
      let digits = afterHost.dropFirst()
      guard afterHost.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
        (1...65_535).contains(number)
      else { return nil }
      port = number
    }
  }

  /// Host and port.
  public var endpoint: Endpoint { .tcp(host: host, port: port) }
}

extension HTTPClient {
  /// Makes a client of the server that a URL names; nothing is connected yet.
  ///
  /// - Parameter authorities: whom TLS believes, for `https`; nil speaks plain HTTP, whatever the URL says.
  public convenience init(
    _ url: HTTPURL, believing authorities: TLSContext?, options: HTTPClientOptions = HTTPClientOptions()
  ) {
    guard let authorities else {
      self.init(url.endpoint, options: options)
      return
    }
    self.init(url.endpoint, options: options) { () throws(TransportError) in try authorities.client(of: url.host) }
  }
}
