import HTTPWire
import Service
import Transport

/// Where the API is, and how jobctl talks to it.
struct Settings: Sendable {
  /// The API: host, port, and whether it is spoken to by TLS.
  let url: HTTPURL
  /// Whom TLS believes; nil for plain HTTP.
  let authorities: TLSContext?
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
    guard let parsed = HTTPURL(url), parsed.path.isEmpty else {
      let source = arguments["api"] == nil ? "WHISPERCACHE_API" : "--api"
      throw ProgramEnd(
        arguments["api"] == nil ? .configuration : .usage,
        errors:
          "jobctl: \(source) is \"\(Self.withoutUser(url))\"; expected http://HOST[:PORT] or https://HOST[:PORT] without a path\n"
      )
    }
    self.url = parsed
    authorities = try Self.authorities(
      for: parsed, option: arguments["ca-file"], environment: environment["WHISPERCACHE_CA_FILE"])
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

  /// Host and port.
  var endpoint: Endpoint { url.endpoint }

  /// A client of the API.
  @EventLoop
  func client(_ options: HTTPClientOptions) -> HTTPClient {
    HTTPClient(url, believing: authorities, options: options)
  }

  private static func authorities(
    for url: HTTPURL, option: String?, environment: String?
  ) throws(ProgramEnd) -> TLSContext? {
    guard url.isSecure else {
      if option == nil { return nil }
      throw .usage("--ca-file is given, and the API is spoken to without TLS; say https://")
    }
    do throws(TransportError) {
      return try TLSContext(authorities: option ?? environment.flatMap { $0.isEmpty ? nil : $0 })
    } catch {
      throw .failed(.configuration, "\(option == nil ? "WHISPERCACHE_CA_FILE" : "--ca-file"): \(error)")
    }
  }

  /// A URL that may be printed, as some people write passwords into theirs.
  private static func withoutUser(_ url: String) -> String {
    url.lastIndex(of: "@").map { "***" + url[$0...] } ?? url
  }
}
