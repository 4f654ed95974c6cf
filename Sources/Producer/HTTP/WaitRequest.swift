import HTTPWire

/// How long a caller wants an answer to wait for the job: `Prefer: wait=n` (RFC 7240), or `?wait=n`.
struct WaitRequest: Sendable, Hashable {
  /// Proxies in between commonly end a silent request after 60 s.
  static let longest = 55

  /// 0 to 55.
  var seconds: Int
  /// What the answer's Preference-Applied says; nil when there was no preference that was followed.
  var applied: String?

  /// Reads the fields of a request.
  init(_ headers: HTTPHeaders) {
    let prefer = Prefer(headers)
    seconds = min(prefer.waitSeconds ?? 0, Self.longest)
    if prefer.waitSeconds != nil {
      applied = Prefer.applied(waitSeconds: seconds)
    } else if prefer.respondsAsync {
      applied = "respond-async"
    }
  }

  /// Reads fields and query of a request; the query wins.
  ///
  /// - Throws: 400 `invalid-query` for another parameter than `wait`, or one that is no number of seconds.
  init(_ request: HTTPRequest) throws(Problem) {
    self.init(request.headers)
    let query = try request.query()
    try query.check(known: ["wait"])
    guard let text = query["wait"] else { return }
    // Any number of digits is a time; what is longer than the longest wait is the longest.
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard let asked = isNumber ? Int(text) ?? Self.longest : nil else {
      throw Problem(
        .badRequest, "invalid-query", "The query is not valid",
        errors: [FieldProblem("/wait", "must be a number of seconds, 0 or more")])
    }
    seconds = min(asked, Self.longest)
    applied = nil
  }

  /// Adds Preference-Applied where it belongs.
  func mark(_ headers: inout HTTPHeaders) {
    if let applied { headers.append("Preference-Applied", applied) }
  }
}
