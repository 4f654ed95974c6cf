/// One row of a CSV input.
struct CSVRow: Equatable {
  /// The number of the line that it begins in, from 1.
  let line: Int
  /// The number of the line that it ends in.
  let lastLine: Int
  /// Where the byte after its end stands in the input.
  let end: Int64
  /// Its bytes without the end of the line; empty when it was too long to keep.
  let text: [UInt8]
  /// Its cells, unquoted, or what is wrong with it.
  let cells: Result<[[UInt8]], CSVProblem>
}

/// What is wrong with a row.
enum CSVProblem: Error, Equatable {
  /// A quote stands inside a cell that does not begin with one.
  case strayQuote
  /// Something follows the closing quote of a cell.
  case textAfterQuote
  /// The input ends inside a quoted cell.
  case unclosedQuote
  /// The row is longer than the limit.
  case tooLong

  var text: String {
    switch self {
    case .strayQuote: "a quote stands inside a cell without quotes; quote the cell and double the quote"
    case .textAfterQuote: "something follows the closing quote of a cell; double quotes that belong to its text"
    case .unclosedQuote: "the input ends before the quote that opens a cell is closed"
    case .tooLong: "the row is longer than a line may be"
    }
  }
}

/// Cuts a stream of bytes into the rows of RFC 4180: cells may be quoted, quotes in them are doubled, and line breaks in
/// quotes belong to the cell. `\r\n` and `\n` end a row. Pure; resumable at any byte and at the end of any row.
struct CSVReader {
  private enum State { case cellStart, plain, quoted, afterQuote, afterQuoteReturn }

  private let delimiter: UInt8
  private let limit: Int
  /// Lines that ended before the row.
  private var line: Int
  private var lineBreaks = 0
  private var origin: Int64
  private var buffer: [UInt8] = []
  /// Where the row begins.
  private var start = 0
  private var position = 0
  private var state = State.cellStart
  private var cellStart = 0
  private var cells: [(range: Range<Int>, isQuoted: Bool)] = []
  private var problem: CSVProblem?
  /// Bytes of the row that were dropped, as it is too long.
  private var dropped = 0

  /// - Parameters:
  ///   - limit: the longest row in bytes; little more than this and a chunk is ever held.
  ///   - offset: where the first byte that is fed stands in the input.
  ///   - line: how many lines end before it.
  init(delimiter: UInt8 = UInt8(ascii: ","), limit: Int, offset: Int64 = 0, line: Int = 0) {
    self.delimiter = delimiter
    self.limit = limit
    self.line = line
    origin = offset
  }

  /// How long the row is that is being read, in bytes: one that grows without end has lost a quote.
  var openBytes: Int { dropped + position - start }

  /// The number of the line that the row begins in which is being read.
  var openLine: Int { line + 1 }

  /// Passes over bytes of the input that are not fed.
  mutating func skip(_ count: Int) { origin += Int64(count) }

  /// Takes the next bytes.
  mutating func feed(_ chunk: [UInt8]) {
    if start > 0 {
      buffer.removeFirst(start)
      origin += Int64(start)
      position -= start
      cellStart -= start
      cells = cells.map { ($0.range.lowerBound - start..<$0.range.upperBound - start, $0.isQuoted) }
      start = 0
    }
    buffer += chunk
  }

  /// The next whole row; nil when more bytes are needed.
  mutating func next() -> CSVRow? {
    while position < buffer.count {
      let byte = buffer[position]
      if take(byte) {
        let row = end(at: position, next: position + 1)
        return row
      }
      position += 1
    }
    if position - start > limit { drop() }
    return nil
  }

  /// The next row, the last one also without an end; nil when there is none.
  mutating func finish() -> CSVRow? {
    if let row = next() { return row }
    guard openBytes > 0 else { return nil }
    if state == .quoted { problem = .unclosedQuote }
    if state == .afterQuoteReturn { problem = problem ?? .textAfterQuote }
    if state != .quoted { endCell(at: position) }
    return end(at: position, next: position)
  }

  /// Takes a byte; whether it ends the row.
  private mutating func take(_ byte: UInt8) -> Bool {
    switch (state, byte) {
    case (.quoted, UInt8(ascii: "\"")): state = .afterQuote
    case (.quoted, _): if byte == UInt8(ascii: "\n") { lineBreaks += 1 }
    case (.afterQuote, UInt8(ascii: "\"")): state = .quoted
    case (_, UInt8(ascii: "\n")):
      endCell(at: position)
      return true
    case (_, delimiter):
      if state == .afterQuoteReturn { problem = problem ?? .textAfterQuote }
      endCell(at: position)
      state = .cellStart
      cellStart = position + 1
    case (.cellStart, UInt8(ascii: "\"")): state = .quoted
    case (.cellStart, _): state = .plain
    case (.plain, UInt8(ascii: "\"")): problem = problem ?? .strayQuote
    case (.plain, _): break
    case (.afterQuote, UInt8(ascii: "\r")): state = .afterQuoteReturn
    case (.afterQuote, _), (.afterQuoteReturn, _):
      problem = problem ?? .textAfterQuote
      state = .plain
    }
    return false
  }

  private mutating func endCell(at end: Int) {
    let isQuoted = state == .afterQuote || state == .afterQuoteReturn
    var end = end
    if end > cellStart, end < buffer.count, buffer[end] == UInt8(ascii: "\n"),
      buffer[end - 1] == UInt8(ascii: "\r")
    {
      end -= 1
    }
    cells.append((cellStart..<max(cellStart, end), isQuoted))
  }

  private mutating func end(at end: Int, next: Int) -> CSVRow {
    if dropped > 0 || end - start > limit { problem = problem == .unclosedQuote ? problem : .tooLong }
    var textEnd = end
    if textEnd > start, next > end, buffer[textEnd - 1] == UInt8(ascii: "\r") { textEnd -= 1 }
    let row = CSVRow(
      line: line + 1, lastLine: line + lineBreaks + 1, end: origin + Int64(next),
      text: dropped > 0 ? [] : Array(buffer[start..<textEnd]),
      cells: problem.map { .failure($0) } ?? .success(cells.map { content($0.range, isQuoted: $0.isQuoted) }))
    line += lineBreaks + 1
    lineBreaks = 0
    start = next
    position = next
    cellStart = next
    cells = []
    problem = nil
    dropped = 0
    state = .cellStart
    return row
  }

  private func content(_ range: Range<Int>, isQuoted: Bool) -> [UInt8] {
    guard isQuoted, range.count >= 2 else { return Array(buffer[range]) }
    let inner = buffer[range.lowerBound + 1..<range.upperBound - 1]
    let quote = UInt8(ascii: "\"")
    guard inner.contains(quote) else { return Array(inner) }
    var text: [UInt8] = []
    text.reserveCapacity(inner.count)
    var isSecond = false
    for byte in inner {
      isSecond = byte == quote && !isSecond
      if !isSecond { text.append(byte) }
    }
    return text
  }

  /// Forgets the bytes of a row that is too long; the state stays, so that its end is found.
  private mutating func drop() {
    dropped += position - start
    problem = problem ?? .tooLong
    origin += Int64(position)
    buffer.removeFirst(position)
    start = 0
    position = 0
    cellStart = 0
    cells = []
  }
}
