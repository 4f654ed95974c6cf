import CAssets
import HTTPWire

/// Embedded files: `GET /`, the dashboard, three files that call nothing but this API, and `GET /openapi.json`.
enum WebFiles {
  /// Nothing from elsewhere, no inline script or style, in no frame.
  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  private static let files: [(path: String, name: String, type: StaticString)] = [
    ("/", "index.html", "text/html; charset=utf-8"), ("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
    ("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"),
    ("/openapi.json", "openapi.json", "application/json"),
  ]

  static func add(to router: inout Router) {
    for file in files {
      let bytes = bytes(file.name)
      router.on(.get, file.path) { request in
        let tag = try EntityTag(of: bytes)
        let headers: HTTPHeaders = [
          "Cache-Control": "no-cache", "Content-Security-Policy": policy, "ETag": tag.description,
          "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
        ]
        if tag.matchesIfNoneMatch(request.headers) { return HTTPResponse(status: .notModified, headers: headers) }
        return HTTPResponse(contentType: file.type, headers: headers, body: .bytes(bytes))
      }
    }
  }

  /// An embedded file.
  static func bytes(_ name: String) -> [UInt8] {
    let asset = wc_web(name)
    return asset.bytes.map { Array(UnsafeBufferPointer(start: $0, count: asset.count)) } ?? []
  }
}
