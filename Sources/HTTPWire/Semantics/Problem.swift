public import JSONWire

/// An error for the caller as `application/problem+json` (RFC 9457); throw it from a handler to answer with it.
public struct Problem: Error, Sendable, CustomStringConvertible {
  /// The status of the response.
  public var status: HTTPStatus
  /// The stable name of the kind of error; `type` is `/problems/<slug>`.
  public var slug: String
  /// What kind of error it is, the same for each of its kind.
  public var title: String
  /// What is wrong this time and what to do, or nil. Never secret contents.
  public var detail: String?
  /// Which parts of the request are wrong.
  public var errors: [FieldProblem]
  /// Fields for the response, such as Retry-After.
  public var headers: HTTPHeaders
  /// Extension members: a name and one JSON value as bytes.
  public var members: [(name: String, json: [UInt8])]

  /// Makes a problem.
  public init(
    _ status: HTTPStatus, _ slug: String, _ title: String, detail: String? = nil, errors: [FieldProblem] = [],
    headers: HTTPHeaders = HTTPHeaders(), members: [(name: String, json: [UInt8])] = []
  ) {
    self.status = status
    self.slug = slug
    self.title = title
    self.detail = detail
    self.errors = errors
    self.headers = headers
    self.members = members
  }

  /// Adds a string member.
  public mutating func add(_ name: String, _ value: String) {
    var writer = JSONWriter()
    writer.string(value)
    members.append((name, writer.bytes))
  }

  /// Adds an integer member.
  public mutating func add(_ name: String, _ value: Int) {
    var writer = JSONWriter()
    writer.int(value)
    members.append((name, writer.bytes))
  }

  /// Slug, status and detail.
  public var description: String { "\(status.code) \(slug): \(detail ?? title)" }

  /// Writes the JSON object; members in the order of RFC 9457, extensions last.
  ///
  /// - Parameters:
  ///   - instance: the path of the request, or nil.
  ///   - requestID: what names the request in the logs, or nil.
  public func json(instance: String? = nil, requestID: RequestID? = nil) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in write(to: &writer, instance: instance, requestID: requestID) }
    return writer.bytes
  }

  /// Writes the members into an object that the caller opened, for example inside a line of NDJSON.
  public func write(to writer: inout JSONWriter, instance: String? = nil, requestID: RequestID? = nil) {
    writer.key("type")
    writer.string("/problems/\(slug)")
    writer.key("title")
    writer.string(title)
    writer.key("status")
    writer.int(status.code)
    if let detail {
      writer.key("detail")
      writer.string(detail)
    }
    if let instance {
      writer.key("instance")
      writer.string(instance)
    }
    if let requestID {
      writer.key("request_id")
      writer.string(requestID.description)
    }
    if !errors.isEmpty {
      writer.key("errors")
      writer.array { writer in
        for error in errors {
          writer.object { writer in
            writer.key("pointer")
            writer.string(error.pointer)
            writer.key("detail")
            writer.string(error.detail)
          }
        }
      }
    }
    for member in members {
      writer.key(member.name)
      writer.raw(member.json)
    }
  }

  /// The response: the problem as JSON with its status and fields.
  public func response(instance: String? = nil, requestID: RequestID? = nil) -> HTTPResponse {
    HTTPResponse(
      status: status, contentType: "application/problem+json", headers: headers,
      body: .bytes(json(instance: instance, requestID: requestID)))
  }
}

extension Problem {
  /// 500 without any cause: causes are for the log.
  static var internalError: Problem {
    Problem(
      .internalError, "internal", "Something went wrong here",
      detail: "The cause is in the server's log under this request_id.")
  }

  /// What a parse error says to the client.
  init(_ error: HTTPParseError) {
    let slug = String(error.code.map { $0 == "_" ? "-" : $0 })
    self.init(error.status, slug, "The request is not valid HTTP", detail: error.description)
  }
}
