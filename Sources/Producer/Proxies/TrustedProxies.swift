import HTTPWire

/// The proxies whose word about their callers counts: TRUSTED_PROXIES.
struct TrustedProxies: Sendable, Equatable {
  /// A network by its first bits, as 128-bit addresses have them.
  private struct Network: Sendable, Equatable {
    let prefix: IPAddress
    let length: Int
  }

  /// Nobody's word counts.
  static let none = TrustedProxies()

  static let expected =
    "addresses and networks with commas (10.0.0.0/8, 2001:db8::/32, 192.0.2.7), unix for unix sockets, or none; "
    + "a network without bits behind its length, and not everybody (/0)"

  private var networks: [Network] = []
  private var trustsUnix = false

  private init() {}

  /// Reads the setting; nil when an entry is none.
  init?(_ text: String) {
    if text == "none" { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let entry = Self.trimmed(part)
      if entry == "unix" {
        trustsUnix = true
        continue
      }
      let halves = entry.split(separator: "/", omittingEmptySubsequences: false)
      guard halves.count <= 2, let address = IPAddress(halves[0]) else { return nil }
      let bits = address.isIPv4 ? 32 : 128
      var length = bits
      if halves.count == 2 {
        guard let given = Int(halves[1]), (1...bits).contains(given), String(given) == halves[1] else { return nil }
        length = given
      }
      let network = Network(prefix: address, length: length + 128 - bits)
      guard address.prefix(network.length) == address else { return nil }
      networks.append(network)
    }
  }

  /// Whether there is none.
  var isEmpty: Bool { networks.isEmpty && !trustsUnix }

  /// Whether an address is one of them.
  func contains(_ address: IPAddress) -> Bool {
    networks.contains { address.prefix($0.length) == $0.prefix }
  }

  /// Who sent a request: the peer of the connection, or, where that is a proxy of ours, whom it names in X-Forwarded-For.
  ///
  /// Each proxy appends whom it was called by, so that the list is to be read from its end: the first that is no proxy of
  /// ours is the caller, and what stands before it is anybody's word. Something that is no address ends the reading, and the
  /// proxy that sent it counts as the caller.
  ///
  /// - Parameter peer: as a connection has it: `192.0.2.1:4000`, `[2001:db8::1]:4000` or `unix`.
  /// - Returns: the peer itself, or an address (of IPv6 in brackets) without a port.
  func caller(_ headers: HTTPHeaders, peer: String) -> String {
    guard trusts(peer: peer) else { return peer }
    var caller = peer
    for field in headers.values("X-Forwarded-For").reversed() {
      for entry in field.split(separator: ",", omittingEmptySubsequences: false).reversed() {
        guard let address = Self.address(Self.trimmed(entry)) else { return caller }
        caller = address.isIPv4 ? "\(address)" : "[\(address)]"
        if !contains(address) { return caller }
      }
    }
    return caller
  }

  private func trusts(peer: String) -> Bool {
    if peer == "unix" { return trustsUnix }
    return Self.address(peer[...]).map(contains) ?? false
  }

  /// An address with or without a port; of IPv6 with a port in brackets. Of a zone the address alone counts.
  private static func address(_ text: Substring) -> IPAddress? {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let port = text[text.index(after: end)...]
      guard port.isEmpty || port.hasPrefix(":") && isPort(port.dropFirst()) else { return nil }
      return IPAddress(text[..<end].dropFirst().prefix { $0 != "%" })
    }
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return IPAddress(text) }
    return isPort(halves[1]) ? IPAddress(halves[0]) : nil
  }

  private static func isPort(_ text: Substring) -> Bool {
    (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
