import Foundation
import TestSupport
import Testing

@testable import Jobs

@Suite("When schedules run") struct ScheduleTimingTests {
  @Test("@every counts from the run before, whatever the clocks show")
  func every() throws {
    let timing = try ScheduleTiming("@every 90s")
    #expect(timing == .every(ms: 90_000) && timing.description == "@every 90s")
    let berlin = try ZoneFolder.system.read("Europe/Berlin")
    // Around 29 March 2026, 01:00 UTC, where clocks are put forward.
    #expect(timing.next(after: 1_774_745_999_500, in: berlin) == 1_774_746_089_500)
    #expect(try ScheduleTiming("@every 24h").next(after: 1_774_742_400_000, in: berlin) == 1_774_828_800_000)
  }

  @Test(
    "texts that are no timing",
    arguments: [
      "@every", "@every 90", "@every 0s", "@every 999ms", "@every 366d", "@every -1s", "@every 1s 2s", "@everything 1s",
      "@every1s", "@EVERY 1s", "@hourlyy", "", "1 2 3 4",
    ])
  func malformed(text: String) {
    #expect(throws: CronExpression.Malformed.self) { try ScheduleTiming(text) }
  }

  @Test("the last run of a time without a producer is the one that going through all of them finds")
  func last() throws {
    var generator = SeededGenerator()
    let berlin = try ZoneFolder.system.read("Europe/Berlin")
    for text in ["* * * * *", "*/7 * * * *", "30 2 * * *", "0 9 * * mon", "15 */6 1,15 * *", "@every 7m", "@hourly"] {
      let timing = try ScheduleTiming(text)
      for _ in 0..<6 {
        // Somewhere in March or October 2026, where clocks are changed.
        let month: Int64 = generator.next() & 1 == 0 ? 1_772_323_200_000 : 1_790_812_800_000
        let start = month + Int64(generator.next(upperBound: 2_000_000_000 as UInt64))
        let first = try #require(timing.next(after: start, in: berlin))
        let now = first + Int64(generator.next(upperBound: 900_000_000 as UInt64))
        var last = first
        while let next = timing.next(after: last, in: berlin), next <= now { last = next }
        #expect(
          timing.last(notAfter: now, from: first, in: berlin) == last, "\(text) from \(first) to \(now), \(generator)")
      }
    }
    // A year of minutes is no long search.
    let minutes = try ScheduleTiming("* * * * *")
    #expect(minutes.last(notAfter: 1_800_000_059_999, from: 1_700_000_040_000, in: .utc) == 1_800_000_000_000)
  }

  @Test("times beyond the calendar have no next run")
  func bounds() throws {
    for text in ["@every 365d", "* * * * *"] {
      let timing = try ScheduleTiming(text)
      for ms in [-1, .min, .max, ScheduleTiming.never, ScheduleTiming.never - 1] as [Int64] {
        #expect(timing.next(after: ms, in: .utc) == nil)
      }
    }
  }

  /// Goes through the minutes of UTC, asks Python's zoneinfo what clocks show, and applies the rules of docs/schedules.md.
  private static let oracle = """
    import random, sys, zoneinfo, datetime
    random.seed(int(sys.argv[1]))
    utc, minute = datetime.timezone.utc, datetime.timedelta(minutes=1)
    names = sorted(n for n in zoneinfo.available_timezones() if n not in ("localtime", "Factory"))
    chosen = random.sample(names, 30) + ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
        "America/Santiago", "Asia/Tehran", "Pacific/Apia", "Europe/Dublin", "America/St_Johns", "UTC"]
    def fits(fields, t):
        m, h, d, mo, w = fields
        ok = t.minute in m and t.hour in h and t.month in mo
        wd = t.isoweekday() % 7
        day = (t.day in d or wd in w) if len(d) < 31 and len(w) < 7 else (t.day in d and wd in w)
        return ok and day
    def text(values, size, low):
        return "*" if len(values) == size else ",".join(str(v) for v in sorted(values))
    for name in chosen:
        zone = zoneinfo.ZoneInfo(name)
        changes = []
        day = datetime.datetime(random.randrange(1975, 2045), random.randrange(1, 13), 1, tzinfo=utc)
        for i in range(400):
            a, b = day + i * 1440 * minute, day + (i + 1) * 1440 * minute
            if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset(): changes.append(a - 900 * minute)
        starts = changes[:2] + [day + random.randrange(500000) * minute]
        for start in starts:
            m = set(random.sample(range(60), random.choice([1, 2, 4])))
            h = set(range(24)) if random.random() < 0.3 else set(random.sample(range(24), 3)) | {random.randrange(4)}
            d = set(range(1, 32)) if random.random() < 0.7 else set(random.sample(range(1, 32), 12))
            w = set(range(7)) if random.random() < 0.7 else set(random.sample(range(7), 3))
            fields = (m, h, d, set(range(1, 13)), w)
            hourly = len(h) == 24
            runs, t = [], start.astimezone(utc)
            before = t.astimezone(zone).replace(tzinfo=None)
            for _ in range(4 * 1440):
                t += minute
                local = t.astimezone(zone)
                shown = local.replace(tzinfo=None, fold=0)
                run = fits(fields, shown) and (local.fold == 0 or hourly)
                skipped = before + minute
                while not run and skipped < shown:
                    run = fits(fields, skipped)
                    skipped += minute
                before = shown
                if run: runs.append(int(t.timestamp()))
            cron = " ".join([text(m, 60, 0), text(h, 24, 0), text(d, 31, 1), "*", text(w, 7, 0)])
            end = int(t.timestamp())
            print("|".join([name, cron, str(int(start.timestamp())), str(end), " ".join(map(str, runs))]))
    """

  @Test("runs around changes of the clock are those that Python's zoneinfo gives, minute by minute")
  func againstPython() async throws {
    var generator = SeededGenerator()
    let seed = Int(generator.next() >> 33)
    let output = try await Tool.output(of: "python3", ["-c", Self.oracle, "\(seed)"])
    var lines = 0
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let zone = try ZoneFolder.system.read(parts[0])
      let cron = try CronExpression(parts[1])
      var instant = try #require(Int64(parts[2]))
      let end = try #require(Int64(parts[3]))
      var runs: [Int64] = []
      while let next = cron.next(after: instant, in: zone), next <= end {
        runs.append(next)
        instant = next
      }
      let expected = parts[4].split(separator: " ").compactMap { Int64($0) }
      #expect(runs == expected, "\(parts[0]) \(parts[1]) from \(parts[2]), seed \(seed)")
      lines += 1
    }
    #expect(lines >= 50, "seed \(seed)")
  }
}

@Suite("The folder of time zones") struct ZoneFolderTests {
  @Test(
    "names",
    arguments: [
      "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT", "America/Port-au-Prince",
    ])
  func names(name: String) throws {
    #expect(ZoneFolder.isName(name))
    _ = try ZoneFolder.system.read(name)
  }

  @Test(
    "names that lead elsewhere, or nowhere",
    arguments: [
      "", "/etc/passwd", "../../etc/passwd", "Europe/../UTC", "Europe//Berlin", "Europe/", ".", "Europe/Berlin\0",
      "Europe Berlin",
      "Európa", "tzdata.zi", String(repeating: "a", count: 65),
    ])
  func noNames(name: String) {
    #expect(!ZoneFolder.isName(name))
    #expect(throws: ZoneFolder.Unknown.self) { try ZoneFolder.system.read(name) }
  }

  @Test("a folder, a missing file, a file that is no zone and one that is too long are no zones")
  func files() throws {
    let folder = try TemporaryFolder()
    try Data("no zone".utf8).write(to: URL(fileURLWithPath: folder.path + "/text"))
    try Data(count: TimeZoneFile.mostBytes + 1).write(to: URL(fileURLWithPath: folder.path + "/long"))
    let zones = ZoneFolder(folder.path)
    for name in ["text", "long", "missing", "missing/too"] {
      #expect(throws: ZoneFolder.Unknown.self, "\(name)") { try zones.read(name) }
    }
    #expect(throws: ZoneFolder.Unknown.self) { try ZoneFolder.system.read("Europe") }
    #expect(try zones.read("UTC") == .utc)
  }

  @Test("a zone is read once and kept; one that was missing is looked for again")
  func kept() async throws {
    let folder = try TemporaryFolder()
    let library = ZoneLibrary(ZoneFolder(folder.path))
    await #expect(throws: ZoneFolder.Unknown.self) { try await library.zone("Berlin") }
    let path = folder.path + "/Berlin"
    try FileManager.default.copyItem(atPath: "/usr/share/zoneinfo/Europe/Berlin", toPath: path)
    let zone = try await library.zone("Berlin")
    #expect(zone.offset(at: 1_774_746_000) == 7200)
    try FileManager.default.removeItem(atPath: path)
    #expect(try await library.zone("Berlin") == zone)
    #expect(try await library.zone("UTC") == .utc)
  }
}
