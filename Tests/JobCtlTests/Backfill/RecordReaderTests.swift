import HTTPWire
import Testing

@testable import JobCtl

@Suite("Jobs of a backfill's input")
struct RecordReaderTests {
  private let shape = JobShape(kind: "test.noop", queue: "q")

  private func read(
    _ input: [UInt8], _ format: InputFormat, piece: Int = .max, at place: InputPlace = InputPlace(),
    heading: [UInt8] = []
  ) throws -> (records: [InputRecord], places: [InputPlace], heading: [UInt8]) {
    var reader = try RecordReader(format, shape, at: place, heading: heading)
    var (records, places): ([InputRecord], [InputPlace]) = ([], [])
    var rest = input[...]
    while !rest.isEmpty {
      reader.feed(Array(rest.prefix(piece)))
      rest = rest.dropFirst(piece)
      while let record = try reader.next() {
        records.append(record)
        places.append(reader.place)
      }
    }
    while let record = try reader.finish() {
      records.append(record)
      places.append(reader.place)
    }
    return (records, places, reader.heading)
  }

  private func jobs(_ records: [InputRecord]) -> [String?] { records.map { text(try? $0.job.get()) } }

  private static let csv = InputFormat.csv(delimiter: UInt8(ascii: ","))
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  @Test("a line is a job; blank lines are passed over, and a byte order mark is", arguments: [1, 2, 5, 1000])
  func lines(piece: Int) throws {
    let found = try read(Self.mark + bytes("{\"a\":1}\n \t\n\r\n{\"b\":2}"), .ndjson, piece: piece)
    #expect(jobs(found.records) == [#"{"a":1}"#, #"{"b":2}"#])
    #expect(found.records.map(\.line) == [1, 4])
    #expect(found.places == [InputPlace(offset: 11, lines: 1), InputPlace(offset: 23, lines: 4)])
    #expect(try read([0xEF], .ndjson, piece: piece).records.map(\.text) == [[0xEF]])
    #expect(try read([], .ndjson).records.isEmpty)
  }

  @Test("a row is a job of the kind; the heading names its fields", arguments: [1, 4, 1000])
  func rows(piece: Int) throws {
    let input = Self.mark + bytes("\"a\",b:number\r\n\r\nx,1\r\n\"y\nz\",no\r\nonly\r\n")
    let found = try read(input, Self.csv, piece: piece)
    #expect(jobs(found.records) == [#"{"kind":"test.noop","queue":"q","payload":{"a":"x","b":1}}"#, nil, nil])
    #expect(found.records.map(\.line) == [3, 4, 6])
    #expect(found.records.map { text($0.text) } == ["x,1", "\"y\nz\",no", "only"])
    #expect(found.heading == bytes("\"a\",b:number"))
    #expect(found.places.last == InputPlace(offset: Int64(input.count), lines: 6))
  }

  @Test("it reads on from each place that it told")
  func resume() throws {
    let input = Self.mark + bytes("a,b\nx,1\n\"y\nz\",2\n\nq,3\n")
    let whole = try read(input, Self.csv)
    for (index, place) in whole.places.enumerated() {
      let rest = try read(Array(input[Int(place.offset)...]), Self.csv, at: place, heading: whole.heading)
      #expect(jobs(rest.records) == Array(jobs(whole.records).dropFirst(index + 1)))
      #expect(rest.records.map(\.line) == Array(whole.records.map(\.line).dropFirst(index + 1)))
    }
    let lines = bytes("{}\n\n{\"x\":1}\n{}")
    let all = try read(lines, .ndjson)
    for (index, place) in all.places.enumerated() {
      let rest = try read(Array(lines[Int(place.offset)...]), .ndjson, at: place)
      #expect(rest.records.map(\.line) == Array(all.records.map(\.line).dropFirst(index + 1)))
    }
  }

  @Test("a line that is too long is refused, and the next is read")
  func tooLong() throws {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: RecordReader.longest + 1)
    let found = try read(long + bytes("\n{}\n"), .ndjson, piece: 1 << 16)
    #expect(jobs(found.records) == [nil, "{}"])
    if case .failure(let problem)? = found.records.first?.job { #expect(problem.slug == "payload-too-large") }
  }

  @Test("a heading that cannot be used, or a quote that swallows the input, ends it")
  func failures() {
    #expect(throws: RecordReader.Failure.heading(#"two columns have the name "a""#)) {
      try read(bytes("a,a\n"), Self.csv)
    }
    #expect(throws: RecordReader.Failure.self) { try read(bytes("a\"b\n"), Self.csv) }
    #expect(throws: RecordReader.Failure.openQuote(line: 2)) {
      let swallowed = [UInt8](repeating: UInt8(ascii: "\n"), count: RecordReader.hopeless + 1)
      _ = try read(bytes("a\n\"") + swallowed, Self.csv, piece: 1 << 20)
    }
  }

  @Test(
    "a name says how its file is written",
    arguments: [
      ("a.ndjson", "ndjson"), ("a.JSONL", "ndjson"), ("a.csv", "csv"), ("x/a.tsv", "tsv"), ("a", nil), ("csv", nil),
    ])
  func guesses(path: String, format: String?) { #expect(InputFormat.guessed(from: path)?.name == format) }
}
