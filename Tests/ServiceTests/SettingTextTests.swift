import Service
import TestSupport
import Testing

@Suite("Texts of settings")
struct SettingTextTests {
  @Test(
    "durations are read with their unit",
    arguments: [
      ("500ms", .milliseconds(500)), ("15s", .seconds(15)), ("5m", .seconds(300)), ("24h", .seconds(86_400)),
      ("90d", .seconds(90 * 86_400)), ("0s", .zero), ("007s", .seconds(7)), ("36500d", .seconds(36_500 * 86_400)),
      ("", nil), ("15", nil), ("s", nil), ("1.5s", nil), ("-1s", nil), ("+1s", nil), (" 1s", nil), ("1 s", nil),
      ("1S", nil),
      ("1h30m", nil), ("1ss", nil), ("36501d", nil), ("9223372036854775807d", nil), ("99999999999999999999s", nil),
      ("١s", nil), ("1µs", nil),
    ] as [(String, Duration?)])
  func durations(text: String, expected: Duration?) {
    #expect(DurationText.parse(text) == expected)
  }

  @Test("a duration is written in the greatest unit that fits, and reads back")
  func durationTexts() {
    let texts = ["0s", "1ms", "1500ms", "15s", "90s", "5m", "24h", "48h", "90d", "25h"]
    #expect(texts.compactMap { DurationText.parse($0) }.map(DurationText.text).map { $0 == "2d" ? "48h" : $0 } == texts)
    #expect(DurationText.text(.seconds(-5)) == "0s")
    var generator = SeededGenerator()
    for _ in 0..<2000 {
      let duration = Duration.milliseconds(Int64.random(in: 0...1_000_000_000_000, using: &generator))
      #expect(DurationText.parse(DurationText.text(duration)) == duration, "\(generator)")
    }
  }

  @Test(
    "sizes are read with their unit",
    arguments: [
      ("0", 0), ("1000", 1000), ("1B", 1), ("1kB", 1000), ("512KiB", 524_288), ("1MiB", 1 << 20),
      ("2GB", 2_000_000_000),
      ("1GiB", 1 << 30), ("1TiB", 1 << 40), ("9223372036854775807", Int.max),
      ("", nil), ("KiB", nil), ("1K", nil), ("1kib", nil), ("1.5MiB", nil), ("-1", nil), ("1 MiB", nil), ("+1", nil),
      ("9223372036854775808", nil), ("9223372036854775807KiB", nil),
    ] as [(String, Int?)])
  func sizes(text: String, expected: Int?) {
    #expect(ByteSizeText.parse(text) == expected)
    if let expected { #expect(ByteSizeText.parse(ByteSizeText.text(expected)) == expected) }
  }

  @Test(
    "rates are a count and a period",
    arguments: [
      ("100/60s", Rate(count: 100, period: .seconds(60))), ("1/500ms", Rate(count: 1, period: .milliseconds(500))),
      ("", nil), ("100", nil), ("100/", nil), ("/60s", nil), ("0/60s", nil), ("1/0s", nil), ("-1/1s", nil),
      ("1/1s/1s", nil),
      ("+1/1s", nil),
    ] as [(String, Rate?)])
  func rates(text: String, expected: Rate?) {
    #expect(Rate(text) == expected)
    if let expected { #expect(Rate(expected.description) == expected) }
  }

  @Test("100000 mutated settings are read or refused and never trap")
  func mutations() {
    var generator = SeededGenerator()
    let seeds = ["15s", "90d", "1MiB", "9223372036854775807", "100/60s", "redis://u:p@h?x", "2026-01-31T23:59:59.1Z"]
      .map { Array($0.utf8) }
    for _ in 0..<100_000 {
      let text = String(decoding: generator.mutate(seeds.randomElement(using: &generator) ?? []), as: UTF8.self)
      if let duration = DurationText.parse(text) { #expect(duration <= DurationText.longest, "\(generator)") }
      if let size = ByteSizeText.parse(text) { #expect(size >= 0, "\(generator)") }
      if let rate = Rate(text) { #expect(rate.count > 0, "\(generator)") }
      _ = Timestamp(rfc3339: text)
    }
  }

  @Test("random arguments and variables give settings or an end, never a trap, and each problem is one line")
  func randomCommandLines() {
    var generator = SeededGenerator()
    let words = [
      "--port", "--port=1", "--", "-", "-h1", "--lease", "15s", "--x", "=", "--=", "--encryption-key", "", "é",
      "--port=",
    ]
    for _ in 0..<3000 {
      let arguments = (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
        words.randomElement(using: &generator)
      }
      let value = String(decoding: generator.bytes(8), as: UTF8.self)
      let launch = Sample.launch(arguments, ["PORT": value, "LEASE": value, "REDIS_URL": value])
      #expect(launch.settings != nil || launch.end != nil, "\(generator)")
      #expect(launch.errors.allSatisfy { $0.hasPrefix("config: ") }, "\(generator)")
    }
  }
}
