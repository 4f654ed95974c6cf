import Foundation
import TestSupport
import Testing

@testable import Jobs

/// The system's zones, by name.
enum Zones {
  static func read(_ name: String) throws -> TimeZoneFile {
    try TimeZoneFile(Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)"))))
  }
}

@Suite("Time zones") struct TimeZoneTests {
  private static let program = """
    import random, sys, zoneinfo, datetime
    random.seed(int(sys.argv[1]))
    utc = datetime.timezone.utc
    names = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
    chosen = random.sample(names, 60) + ["Europe/Berlin", "America/New_York", "Pacific/Apia", "Africa/Casablanca",
        "Australia/Lord_Howe", "Asia/Kathmandu", "America/Nuuk", "Europe/Dublin", "Antarctica/Troll", "UTC"]
    for name in chosen:
        zone = zoneinfo.ZoneInfo(name)
        for _ in range(60):
            t = random.randrange(-2**31, 2**33)
            offset = datetime.datetime.fromtimestamp(t, utc).astimezone(zone).utcoffset()
            print(name, t, int(offset.total_seconds()))
    """

  @Test("offsets are those of Python's zoneinfo")
  func offsets() async throws {
    var generator = SeededGenerator()
    let seed = Int(generator.next() >> 33)
    let output = try await Tool.output(of: "python3", ["-c", Self.program, "\(seed)"])
    var zones: [String: TimeZoneFile] = [:]
    var lines = 0
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let zone = try zones[words[0]] ?? Zones.read(words[0])
      zones[words[0]] = zone
      let instant = try #require(Int64(words[1]))
      let offset = try #require(Int(words[2]))
      #expect(zone.offset(at: instant) == offset, "\(line), seed \(seed)")
      lines += 1
    }
    #expect(lines == 70 * 60)
  }

  @Test("rules as POSIX writes them")
  func rules() throws {
    let cases: [(String, [(Int64, Int)])] = [
      ("UTC0", [(0, 0)]), ("<-03>3", [(0, -10_800)]), ("<+0545>-5:45", [(0, 20_700)]),
      // 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
      (
        "CET-1CEST,M3.5.0,M10.5.0/3",
        [(1_774_745_999, 3600), (1_774_746_000, 7200), (1_792_889_999, 7200), (1_792_890_000, 3600)]
      ),
      // The south: summer over New Year.
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", [(1_767_225_600, 39_600), (1_782_864_000, 36_000)]),
      ("X0Y,J60/0,J61/0", [(1_772_323_200 - 1, 0), (1_772_323_200, 3600), (1_772_409_600 - 3600, 0)]),
    ]
    for (text, expected) in cases {
      let rule = try TimeZoneRule(Array(text.utf8))
      for (instant, offset) in expected { #expect(rule.offset(at: instant) == offset, "\(text) at \(instant)") }
    }
    for text in [
      "", "1", "CET", "CET-", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.1.0,M1.1.0", "CET-1 ", "<CET-1", "CET-25",
      "CET-1CEST,M3.6.0,M1.1.0", "CET-1CEST,J0,J5", "CET-1CEST,M3.5.0/168,M10.5.0",
    ] {
      #expect(throws: TimeZoneFile.Malformed.self, "\(text)") { try TimeZoneRule(Array(text.utf8)) }
    }
  }

  @Test("cut and altered files end in an error or a zone, never in a crash")
  func fuzz() throws {
    var generator = SeededGenerator()
    let good = Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin")))
    for count in 0..<min(good.count, 400) {
      #expect(throws: TimeZoneFile.Malformed.self) { try TimeZoneFile(Array(good[..<count])) }
    }
    for _ in 0..<2000 {
      var bytes = good
      for _ in 0...generator.next(upperBound: 4 as UInt64) {
        bytes[Int(generator.next(upperBound: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: generator.next())
      }
      do { _ = try TimeZoneFile(bytes).offset(at: 1_700_000_000) } catch {}
    }
    #expect(throws: TimeZoneFile.Malformed.self) {
      try TimeZoneFile([UInt8](repeating: 0, count: TimeZoneFile.mostBytes + 1))
    }
  }
}
