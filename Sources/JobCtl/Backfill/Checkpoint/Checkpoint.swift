import JSONWire

/// All that a backfill must know to go on after its end, whatever ended it. One JSON object.
struct Checkpoint: Equatable, Sendable {
  /// What the run was told that decides what its jobs are and where its files lie; the same again when it goes on.
  struct Settings: Equatable, Sendable {
    var format = "ndjson"
    var kind: String?
    var queue: String?
    var rejects: String?
    var results: String?
  }

  /// Some bytes of the input, by their hash.
  struct Excerpt: Equatable, Sendable {
    var bytes = 0
    /// SHA-256 in hex; empty for no bytes.
    var sha256 = ""
  }

  /// The run: a part of every idempotency key.
  var run: String
  var settings: Settings
  /// The size of the input in bytes; nil when it is a stream.
  var size: Int64?
  /// The beginning of the input; no bytes when it is a stream.
  var head = Excerpt()
  /// What stands before `place`.
  var tail = Excerpt()
  /// The CSV heading as it stands in the input.
  var heading: [UInt8] = []
  /// Up to here every line has its answer.
  var place = InputPlace()
  var tally = Tally()
  /// How long the file of rejections is up to there, in bytes.
  var rejectsBytes: Int64 = 0
  /// How long the file of accepted ids is up to there, in bytes.
  var idsBytes: Int64 = 0
}

/// How many lines went which way.
struct Tally: Equatable, Sendable {
  /// Jobs that are in.
  var accepted = 0
  /// Of those, jobs that were sent again, and had been in.
  var replayed = 0
  /// Lines that make no job.
  var rejected = 0
}

extension Checkpoint {
  /// Why a text is no checkpoint.
  enum Failure: Error, Equatable {
    case unreadable(String)
    case version(Int)

    var text: String {
      switch self {
      case .unreadable(let why): "it is no checkpoint of a backfill (\(why))"
      case .version(let number): "it is of version \(number), and this jobctl writes \(Checkpoint.version)"
      }
    }
  }

  static let version = 1
  /// The largest number that is read, so that sums with it fit.
  private static let most = 1 << 60

  /// The JSON text.
  var encoded: [UInt8] {
    var writer = JSONWriter(capacity: 1024)
    writer.object { writer in
      writer.field("backfill", Self.version)
      writer.field("run", run)
      writer.object("settings") { writer in
        writer.field("format", settings.format)
        if let kind = settings.kind { writer.field("kind", kind) }
        if let queue = settings.queue { writer.field("queue", queue) }
        if let rejects = settings.rejects { writer.field("rejects", rejects) }
        if let results = settings.results { writer.field("results", results) }
      }
      if let size { writer.field("size", size) }
      head.write("head", to: &writer)
      tail.write("tail", to: &writer)
      if !heading.isEmpty {
        writer.key("heading")
        writer.string(utf8: heading)
      }
      writer.field("offset", place.offset)
      writer.field("lines", place.lines)
      writer.field("accepted", tally.accepted)
      writer.field("replayed", tally.replayed)
      writer.field("rejected", tally.rejected)
      writer.field("rejects_bytes", rejectsBytes)
      writer.field("ids_bytes", idsBytes)
    }
    writer.newline()
    return writer.bytes
  }

  /// Reads the JSON text.
  init(encoded: [UInt8]) throws(Failure) {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONDocument(encoded, limits: JSONLimits(bytes: 8 << 20)).root
    } catch {
      throw .unreadable("\(error.code) at byte \(error.offset)")
    }
    var fields = JSONFieldReader(root)
    let version = fields.int("backfill", in: 1...Int(Int32.max))
    if fields.problems.isEmpty, version != Self.version { throw .version(version) }
    run = fields.string("run", length: 1...64)
    var settings = Settings()
    _ = fields.optionalObject("settings") { fields in
      settings.format = fields.string("format")
      settings.kind = fields.optionalString("kind")
      settings.queue = fields.optionalString("queue")
      settings.rejects = fields.optionalString("rejects")
      settings.results = fields.optionalString("results")
    }
    self.settings = settings
    size = fields.optionalInt("size", in: 0...Self.most).map { Int64($0) }
    head = Excerpt.read("head", &fields)
    tail = Excerpt.read("tail", &fields)
    heading = fields.optionalString("heading").map { Array($0.utf8) } ?? []
    place = InputPlace(
      offset: Int64(fields.int("offset", in: 0...Self.most)), lines: fields.int("lines", in: 0...Self.most))
    tally = Tally(
      accepted: fields.int("accepted", in: 0...Self.most), replayed: fields.int("replayed", in: 0...Self.most),
      rejected: fields.int("rejected", in: 0...Self.most))
    rejectsBytes = Int64(fields.int("rejects_bytes", in: 0...Self.most))
    idsBytes = Int64(fields.int("ids_bytes", in: 0...Self.most))
    do {
      try fields.finish()
    } catch {
      throw .unreadable(error.description)
    }
  }
}

extension Checkpoint.Excerpt {
  fileprivate func write(_ name: String, to writer: inout JSONWriter) {
    writer.object(name) { writer in
      writer.field("bytes", bytes)
      writer.field("sha256", sha256)
    }
  }

  fileprivate static func read(_ name: String, _ fields: inout JSONFieldReader) -> Checkpoint.Excerpt {
    fields.optionalObject(name) { fields in
      Checkpoint.Excerpt(bytes: fields.int("bytes", in: 0...(1 << 24)), sha256: fields.string("sha256"))
    } ?? Checkpoint.Excerpt()
  }
}
