import HTTPWire
import Service
import Transport

/// Where the API is, and how jobctl talks to it.
struct Settings: Sendable {
  /// Host and port of the API.
  let endpoint: Endpoint
  /// How long an answer may take, without the time that it was asked to wait.
  let timeout: Duration
  /// Whether the answers of the API are printed as they are.
  let isJSON: Bool
  /// What is sent as bearer token.
  let token: String?

  /// Reads options and environment: `--api`, then WHISPERCACHE_API, then the local producer.
  ///
  /// - Throws: exit code 2 or 78 that names what is wrong; never the token.
  init(_ arguments: Arguments, environment: [String: String]) throws(ProgramEnd) {
    let url = arguments["api"] ?? environment["WHISPERCACHE_API"] ?? "http://localhost:4000"
    guard let endpoint = Self.endpoint(url) else {
      let source = arguments["api"] == nil ? "WHISPERCACHE_API" : "--api"
      throw ProgramEnd(
        arguments["api"] == nil ? .configuration : .usage,
        errors: "jobctl: \(source) is \"\(url)\"; expected http://HOST[:PORT] without a path. For https, put a proxy or"
          + " `kubectl port-forward` between.\n")
    }
    self.endpoint = endpoint
    timeout = try arguments.duration("timeout") ?? .seconds(30)
    isJSON = arguments.has("json")
    guard let path = arguments["token-file"] else {
      token = nil
      return
    }
    let text: String
    do throws(FileBytes.Failure) {
      text = try FileBytes.text(path, limit: 64 << 10)
    } catch {
      throw .failed(.configuration, "--token-file \(path) cannot be read: \(error)")
    }
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    guard !line.isEmpty, line.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw .failed(.configuration, "--token-file \(path) must hold one line of visible ASCII: the key or token alone")
    }
    token = line
  }

  /// Host and port of `http://host[:port][/]`.
  static func endpoint(_ url: String) -> Endpoint? {
    guard url.hasPrefix("http://") else { return nil }
    var rest = url.dropFirst(7)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    guard !rest.isEmpty, !rest.contains(where: { "/?#@ ".contains($0) }) else { return nil }
    let isBracketed = rest.hasPrefix("[")
    var host = rest
    var port = 80
    let afterHost = isBracketed ? rest.lastIndex(of: "]").map { rest.index(after: $0) } : rest.firstIndex(of: ":")
    if isBracketed, afterHost == nil { return nil }
    if let afterHost, afterHost < rest.endIndex {
      guard rest[afterHost] == ":", let number = Int(rest[rest.index(after: afterHost)...]),
        (1...65_535).contains(number)
      else { return nil }
      host = rest[..<afterHost]
      port = number
    }
    if isBracketed { host = host.dropFirst().dropLast() }
    return host.isEmpty ? nil : .tcp(host: String(host), port: port)
  }
}
