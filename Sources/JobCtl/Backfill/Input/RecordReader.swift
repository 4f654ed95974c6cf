import HTTPWire
import JSONWire

/// Makes jobs of the input's bytes, in either format. Pure; begins at the input's start or where a checkpoint says.
struct RecordReader {
  /// The longest line or row in bytes: the largest payload that a producer takes unless told otherwise, and fields around it.
  static let longest = (1 << 20) + 65_536
  /// A row that is this long has most likely lost a quote, and would swallow all that follows.
  static let hopeless = 16 * longest

  /// Why reading cannot go on.
  enum Failure: Error, Equatable {
    /// The heading makes no columns.
    case heading(String)
    /// A quote is opened and not closed.
    case openQuote(line: Int)
    /// The system does not give its bytes.
    case unreadable(String)
  }

  /// Exactly one of the two is there.
  private var lines: LineReader?
  private var rows: CSVReader?
  private var columns: CSVColumns?
  private let shape: JobShape
  /// The heading as it stands in the input; empty for NDJSON and until it is read.
  private(set) var heading: [UInt8] = []
  /// How far it is read: after the last record or blank line that `next` has passed.
  private(set) var place: InputPlace
  /// The first bytes of the input until it is known whether they are a byte order mark; nil afterwards.
  private var first: [UInt8]?

  /// - Parameters:
  ///   - place: where the bytes begin that will be fed.
  ///   - heading: the CSV heading, when `place` is behind it.
  init(
    _ format: InputFormat, _ shape: JobShape, at place: InputPlace = InputPlace(), heading: [UInt8] = []
  ) throws(Failure) {
    self.shape = shape
    self.place = place
    if place.offset == 0 { first = [] }
    switch format {
    case .ndjson: lines = LineReader(limit: Self.longest, offset: place.offset, line: place.lines)
    case .csv(let delimiter):
      rows = CSVReader(delimiter: delimiter, limit: Self.longest, offset: place.offset, line: place.lines)
      guard !heading.isEmpty else { break }
      var reader = CSVReader(delimiter: delimiter, limit: Self.longest)
      reader.feed(heading)
      try readHeading(reader.finish())
    }
  }

  /// Takes the next bytes.
  mutating func feed(_ chunk: [UInt8]) {
    guard let first else { return feedOn(chunk) }
    let start = first + chunk
    self.first = start
    if start.count >= Self.mark.count { beginText() }
  }

  /// The next record; nil when more bytes are needed. Blank lines are passed over.
  mutating func next() throws(Failure) -> InputRecord? { try read(isEnd: false) }

  /// The next record, also from a last line without an end; nil when there is none.
  mutating func finish() throws(Failure) -> InputRecord? {
    beginText()
    return try read(isEnd: true)
  }

  /// The byte order mark that some programs put before UTF-8.
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Passes over the byte order mark, if there is one.
  private mutating func beginText() {
    guard var text = first else { return }
    first = nil
    if text.starts(with: Self.mark) {
      text.removeFirst(Self.mark.count)
      lines?.skip(Self.mark.count)
      rows?.skip(Self.mark.count)
    }
    feedOn(text)
  }

  private mutating func feedOn(_ chunk: [UInt8]) {
    lines?.feed(chunk)
    rows?.feed(chunk)
  }

  private mutating func read(isEnd: Bool) throws(Failure) -> InputRecord? {
    while let line = isEnd ? lines?.finish() : lines?.next() {
      place = InputPlace(offset: line.end, lines: line.number)
      guard let text = line.text else {
        return InputRecord(line: line.number, text: [], job: .failure(.lineTooLong(limit: Self.longest)))
      }
      if text.allSatisfy(Self.isBlank) { continue }
      return InputRecord(line: line.number, text: text, job: .success(text))
    }
    while let row = isEnd ? rows?.finish() : rows?.next() {
      place = InputPlace(offset: row.end, lines: row.lastLine)
      if let record = try record(row) { return record }
    }
    if let rows, rows.openBytes > Self.hopeless { throw .openQuote(line: rows.openLine) }
    return nil
  }

  private mutating func record(_ row: CSVRow) throws(Failure) -> InputRecord? {
    if row.text.isEmpty, case .success = row.cells { return nil }
    guard let columns else {
      try readHeading(row)
      return nil
    }
    let job: Result<[UInt8], Problem>
    switch row.cells {
    case .failure(.tooLong): job = .failure(.lineTooLong(limit: Self.longest))
    case .failure(let problem): job = .failure(.row(detail: problem.text))
    case .success(let cells): job = columns.payload(cells).map(shape.job)
    }
    return InputRecord(line: row.line, text: row.text, job: job)
  }

  private mutating func readHeading(_ row: CSVRow?) throws(Failure) {
    switch row?.cells {
    case .success(let cells):
      do throws(CSVColumns.HeadingError) {
        columns = try CSVColumns(cells)
      } catch {
        throw .heading(error.text)
      }
      heading = row?.text ?? []
    case .failure(let problem): throw .heading(problem.text)
    case nil: throw .heading("there is none")
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

/// What every job of a CSV input has in common.
struct JobShape: Equatable, Sendable {
  var kind = ""
  var queue: String?

  /// The job with this payload, as the API takes it.
  func job(_ payload: [UInt8]) -> [UInt8] {
    var writer = JSONWriter(capacity: payload.count + 96)
    writer.object { writer in
      writer.field("kind", kind)
      if let queue { writer.field("queue", queue) }
      writer.field("payload", raw: payload)
    }
    return writer.bytes
  }
}
