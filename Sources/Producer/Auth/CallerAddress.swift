/// What stands for a client that is known by its address alone.
enum CallerAddress {
  /// The address of a peer (`192.0.2.1:4000`, `[2001:db8::1]:4000`); of IPv6 the first 64 bits, as a host has all of the
  /// others to choose from.
  static func network(of peer: String) -> String {
    guard peer.hasPrefix("[") else {
      guard let colon = peer.lastIndex(of: ":") else { return peer }
      return String(peer[..<colon])
    }
    let host = peer.dropFirst().prefix { $0 != "]" && $0 != "%" }.lowercased()
    // IPv4 over an IPv6 socket.
    if host.hasPrefix("::ffff:"), host.contains(".") { return String(host.dropFirst(7)) }
    let halves = host.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
    var groups = halves[0].split(separator: ":")
    if halves.count == 2 {
      let tail = halves[1].split(separator: ":")
      // Text of getnameinfo has no more than eight groups.
      groups += Array(repeating: "0", count: max(0, 8 - groups.count - tail.count)) + tail
    }
    return groups.prefix(4).joined(separator: ":") + "::/64"
  }
}
