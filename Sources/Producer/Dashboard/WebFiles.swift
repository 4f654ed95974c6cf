import CAssets
import HTTPWire
import Transport

/// Embedded files: `GET /`, the dashboard, three files that call nothing but this API, and `GET /openapi.json`.
enum WebFiles {
  private static let files: [(path: String, name: String, type: StaticString)] = [
    ("/", "index.html", "text/html; charset=utf-8"), ("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
    ("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"),
    ("/openapi.json", "openapi.json", "application/json"),
  ]

  static func add(to router: inout Router) {
    for file in files {
      let web = WebFile(bytes(file.name), file.type)
      router.on(.get, file.path) { try await web.answer($0) }
    }
  }

  /// An embedded file.
  static func bytes(_ name: String) -> [UInt8] {
    let asset = wc_web(name)
    return asset.bytes.map { Array(UnsafeBufferPointer(start: $0, count: asset.count)) } ?? []
  }
}

/// One file, plain and compressed.
@EventLoop
private final class WebFile {
  /// Nothing from elsewhere, no inline script or style, in no frame.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  private let plain: [UInt8]
  private let type: StaticString
  /// Made when somebody first takes it, which costs some milliseconds once.
  private lazy var compressed = Gzip.compressed(plain)

  nonisolated init(_ bytes: [UInt8], _ type: StaticString) {
    plain = bytes
    self.type = type
  }

  func answer(_ request: HTTPRequest) throws -> HTTPResponse {
    let isCompressed = AcceptEncoding(request.headers).allowsGzip
    let body = isCompressed ? compressed : plain
    // Other bytes, another tag.
    let tag = try EntityTag(of: body)
    var headers: HTTPHeaders = [
      "Cache-Control": "no-cache", "Content-Security-Policy": Self.policy, "ETag": tag.description,
      "Referrer-Policy": "no-referrer", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff",
    ]
    if tag.matchesIfNoneMatch(request.headers) { return HTTPResponse(status: .notModified, headers: headers) }
    if isCompressed { headers.append("Content-Encoding", "gzip") }
    return HTTPResponse(contentType: type, headers: headers, body: .bytes(body))
  }
}
