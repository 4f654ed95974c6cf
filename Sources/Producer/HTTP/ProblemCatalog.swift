import HTTPWire
import JSONWire

/// What each `type` of a problem means: the page behind the URL that every error names.
struct ProblemCatalog: Sendable {
  /// One kind of error.
  struct Entry: Sendable {
    /// The last part of its `type`.
    let slug: String
    /// The status that it is answered with most of the time.
    let status: Int
    /// What has happened.
    let meaning: String
    /// What the caller can do.
    let advice: String
  }

  /// All kinds, by slug.
  let entries: [String: Entry]

  /// The catalog of this program.
  init() {
    let own = Self.own.map { Entry(slug: $0.0, status: $0.1, meaning: $0.2, advice: $0.3) }
    let parsing = HTTPParseError.allCases.map { error in
      Entry(
        slug: String(error.code.map { $0 == "_" ? "-" : $0 }), status: error.status.code,
        meaning: "The bytes are no HTTP/1.1 request: \(error).", advice: "Mend the client; the connection was closed.")
    }
    entries = Dictionary((own + parsing).map { ($0.slug, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func add(to router: inout Router) {
    let entries = entries
    router.immediate(.get, "/problems") { _ in
      var writer = JSONWriter(capacity: 16_384)
      writer.object { writer in
        writer.array("problems") { writer in
          for (_, entry) in entries.sorted(by: { $0.key < $1.key }) { Self.write(entry, to: &writer) }
        }
      }
      return .json(writer.bytes)
    }
    router.on(.get, "/problems/{slug}") { request in
      let slug = try request.parameter("slug")
      guard let entry = entries[slug] else {
        throw Problem(
          .notFound, "not-found", "There is no such type of problem", detail: "GET /problems lists all of them.")
      }
      var writer = JSONWriter()
      Self.write(entry, to: &writer)
      return .json(writer.bytes)
    }
  }

  private static func write(_ entry: Entry, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.field("type", "/problems/\(entry.slug)")
      writer.field("status", entry.status)
      writer.field("meaning", entry.meaning)
      writer.field("advice", entry.advice)
    }
  }

  private static let own: [(String, Int, String, String)] = [
    ("bad-request", 400, "The request cannot be understood.", "Read the detail."),
    ("circuit-not-found", 404, "No worker has published a circuit of this name.", "GET /api/v1/circuits lists them."),
    ("disconnected", 400, "The request ended before its body was whole.", "Send it again."),
    (
      "duplicate-job", 409, "Another job that has not ended holds the unique key.",
      "Follow Location to that job, if it is named."
    ),
    ("empty-body", 400, "The request has no body.", "Send one line of JSON a job."),
    (
      "idempotency-key-reused", 422, "The Idempotency-Key came with another body before.",
      "Take a new key for a new request, and repeat the same bytes with the old one."
    ),
    ("internal", 500, "Something went wrong here.", "Tell the operator the request_id; the cause is in the log."),
    ("invalid-filter", 400, "A parameter of the list or selection is wrong.", "Each entry of errors names one."),
    ("invalid-idempotency-key", 400, "The Idempotency-Key is no text of 1 to 255 visible characters.", "Send another."),
    ("invalid-job", 422, "Fields of the job are missing, unknown or wrong.", "Each entry of errors names one."),
    (
      "invalid-query", 400, "A parameter is unknown, stands twice or has a wrong value.",
      "Each entry of errors names one."
    ),
    (
      "invalid-schedule", 422, "Fields of the schedule are missing, unknown or wrong.",
      "Each entry of errors names one."
    ),
    ("invalid-setting", 422, "A setting of the queue is out of its bounds.", "Nothing was changed; see errors."),
    ("job-failed", 409, "The job ended without a result.", "Read the job for its error; retry it."),
    ("job-not-finished", 409, "The job has not ended.", "Ask again after Retry-After, or wait with Prefer: wait=n."),
    ("job-not-found", 404, "There is no job of this id, or it was deleted after its time.", "Check the id."),
    ("malformed-json", 400, "The body is no strict JSON.", "The pointer says where."),
    ("malformed-path", 400, "The path holds a broken percent escape.", "Encode it anew."),
    ("malformed-query", 400, "The query holds a broken percent escape, a NUL or no UTF-8.", "Encode it anew."),
    ("forbidden", 403, "The token does not have the scope that the call needs.", "scope names it; use another token."),
    ("method-not-allowed", 405, "The path does not know this method.", "Allow lists those that it knows."),
    ("method-not-implemented", 501, "This is no method of HTTP.", "Send another."),
    ("not-found", 404, "There is nothing under this path.", "GET /api lists what there is."),
    ("not-ready", 503, "The program cannot do its work.", "checks says why."),
    ("origin-not-allowed", 403, "Pages of this origin may not call the API.", "The operator adds it to CORS_ORIGINS."),
    ("payload-too-large", 413, "The body is longer than is taken here.", "Send less; MAX_PAYLOAD_BYTES is the bound."),
    (
      "payload-private", 409, "The payload is not shown: its kind is private, or no worker has read its element yet.",
      "Whoever submitted the job knows it."
    ),
    ("queue-full", 503, "As many jobs wait in the queue as may.", "Try again when workers have caught up."),
    ("queue-not-found", 404, "No job was ever put into a queue of this name.", "GET /api/v1/queues lists them."),
    ("rate-limited", 429, "The client has called as often as it may.", "Try again after Retry-After."),
    ("request-timeout", 408, "Head or body came too slowly.", "Send it again."),
    ("schedule-not-found", 404, "No schedule has this name.", "GET /api/v1/schedules lists them."),
    ("sealing-unavailable", 503, "Private payloads cannot be sealed here.", "The operator sets PAYLOAD_KEY."),
    ("shutting-down", 503, "This instance is ending.", "Send it again; another instance takes it."),
    (
      "address-blocked", 429, "Too many wrong tokens came from the caller's address.",
      "Mend the token, and try again after Retry-After."
    ),
    ("busy", 503, "As many bulks run as may.", "Try again after Retry-After."),
    ("state-conflict", 409, "The job's state does not allow this.", "state says which it is in."),
    (
      "unauthorized", 401, "The call needs a token, or the one it has is not valid.",
      "Send Authorization: Bearer with an API key or a token; detail says what is wrong with the one that was sent."
    ),
    ("store-full", 503, "Redis is full; nothing was stored.", "Try again later; the operator gives it more memory."),
    (
      "store-unavailable", 503, "Redis does not answer.",
      "Send it again after Retry-After; an Idempotency-Key makes that safe."
    ),
    ("too-many-connections", 503, "As many connections are open as may be.", "Keep connections alive, or try later."),
    ("too-many-schedules", 422, "As many schedules are kept as may be.", "Delete one."),
    ("too-many-streams", 503, "As many event streams are open as may be.", "Poll, or try later."),
    ("trimmed", 410, "The result was deleted after its time.", "Submit the job anew, or keep results longer."),
    ("unknown-kind", 422, "No worker of this version knows the kind.", "Check its spelling."),
    ("unsupported-media-type", 415, "The content type is not taken here.", "Accept lists those that are."),
    ("worker-not-found", 404, "No worker that is alive has this id.", "GET /api/v1/workers lists them."),
  ]
}
