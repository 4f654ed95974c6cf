import TestSupport
import Testing

@testable import JobCtl

@Suite("The progress of a backfill")
struct BackfillLineTests {
  private static let line = BackfillLine(
    fraction: 0.417, jobs: 412_000, rate: 8930.4, eta: 66, rejected: 3, results: (400_000, 12_000),
    note: "the API answered 503")

  @Test("what matters least is left out first")
  func widths() {
    var line = Self.line
    line.results = nil
    line.note = nil
    #expect(line.text(width: 10) == "41%")
    #expect(line.text(width: 40) == "41%  412,000 jobs  8,930/s  ETA 1m06s")
    #expect(line.text(width: 80) == "[==========>                 ] 41%  412,000 jobs  8,930/s  ETA 1m06s  3 rejected")
    let wide = Self.line.text(width: 200)
    #expect(wide.hasPrefix("[===================>                              ] 41%  "))
    #expect(wide.hasSuffix("3 rejected  400,000 results, 12,000 open  the API answered 503"))
    #expect(Self.line.text(width: 300, bar: false).hasPrefix("41%  412,000 jobs"))
  }

  @Test("it is never wider than asked, nor anything but one line of ASCII")
  func bounds() {
    var random = SeededGenerator()
    let notes = ["x\u{1B}[2J\r\n\ty", "ü😀", String(repeating: "long ", count: 100), ""]
    for _ in 0..<5000 {
      var line = BackfillLine()
      line.fraction = Bool.random(using: &random) ? nil : Double.random(in: -1...2, using: &random)
      line.jobs = Int.random(in: 0...1_000_000_000_000, using: &random)
      line.rate = [0, 1e-9, 1e300, .infinity, 12.5].randomElement(using: &random) ?? 0
      line.eta = [nil, 0, 1e300, -5, 3600].randomElement(using: &random) ?? nil
      line.note = notes.randomElement(using: &random)
      let width = Int.random(in: 0...250, using: &random)
      let text = line.text(width: width)
      #expect(text.count <= width && text.utf8.allSatisfy { (32..<127).contains($0) }, "\(random)")
    }
  }

  @Test("the bar grows with the share and is full at the end alone")
  func bar() {
    func bar(_ fraction: Double) -> String {
      let text = BackfillLine(fraction: fraction).text(width: 60)
      return String(text.prefix { $0 != "]" }.dropFirst())
    }
    #expect(bar(0).allSatisfy { $0 == " " } && bar(1).allSatisfy { $0 == "=" })
    var last = -1
    for step in 0...100 {
      let filled = bar(Double(step) / 100).count { $0 != " " }
      #expect(filled >= last)
      last = filled
    }
    #expect(bar(0.999).contains(">"))
  }

  @Test("a stream has no share and no bar")
  func stream() {
    #expect(BackfillLine(jobs: 5, rate: 1).text(width: 200) == "5 jobs  1/s")
  }

  @Test(
    "numbers and times are short to read",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1234, "-1,234"), (123_456, "123,456"), (1_234_567, "1,234,567"),
    ])
  func grouped(number: Int, text: String) { #expect(BackfillLine.grouped(number) == text) }

  @Test(
    arguments: [
      (0.0, "0s"), (0.2, "1s"), (59, "59s"), (60, "1m00s"), (66, "1m06s"), (3600, "1h00m"), (7500, "2h05m"),
      (273_600, "3d04h"), (.infinity, "11574d01h"),
    ])
  func clock(seconds: Double, text: String) { #expect(BackfillLine.clock(seconds) == text) }

  @Test("a shell reads a quoted command back word by word")
  func quoting() async throws {
    var random = SeededGenerator()
    let pieces = ["a", " ", "'", "\"", "$HOME", "`id`", "\\", "\n", "*", "~", "!", "#", "ü", "-", "=", ";", "&", "\t"]
    for _ in 0..<20 {
      let words = (0..<5).map { _ in
        (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
      }
      let output = try await Tool.output(of: "bash", ["-c", "printf '<%s>' \(ShellText.command(words)); echo ."])
      #expect(output == words.map { "<\($0)>" }.joined() + ".", "\(random)")
    }
    #expect(
      ShellText.command(["jobctl", "backfill", "a-b_c/d.ndjson", "--rate=5"])
        == "jobctl backfill a-b_c/d.ndjson --rate=5")
    #expect(ShellText.quoted("") == "''" && ShellText.quoted("it's") == #"'it'\''s'"#)
  }
}
