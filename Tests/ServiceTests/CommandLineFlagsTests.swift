import Testing

@testable import Service

@Suite("Flags")
struct CommandLineFlagsTests {
  @Test("a flag takes its value in either spelling, and the last one counts")
  func values() {
    var flags = CommandLineFlags(["--a", "1", "--b=2", "--a=3", "--c", "--d=", "--e", "-5"])
    #expect(flags.take("--a") == .text("3"))
    #expect(flags.take("--b") == .text("2"))
    #expect(flags.take("--c") == CommandLineFlags.Value.none)
    #expect(flags.take("--d") == .text(""))
    #expect(flags.take("--e") == .text("-5"))
    #expect(flags.take("--f") == nil)
    let rest = flags.takeRest(swallowing: true)
    #expect(rest.unknown.isEmpty && rest.operands.isEmpty)
  }

  @Test("a flag whose name starts as another's is not taken for it")
  func prefixes() {
    var flags = CommandLineFlags(["--port-name=x", "--portal", "y", "--port", "1"])
    #expect(flags.take("--port") == .text("1"))
    #expect(flags.takeRest(swallowing: true).unknown == ["--port-name", "--portal"])
  }

  @Test("a switch is taken wherever it stands, but not after --")
  func switches() {
    var flags = CommandLineFlags(["x", "--help", "--", "--help"])
    let first = flags.takeSwitch("--help")
    let second = flags.takeSwitch("--help")
    #expect(first && !second)
    let rest = flags.takeRest(swallowing: false)
    #expect(rest.operands == ["x", "--help"])
  }

  @Test("a word that a flag does not accept stays an operand")
  func refusedWords() {
    var flags = CommandLineFlags(["--json", "queues"])
    #expect(flags.take("--json", accepts: { $0 == "true" }) == CommandLineFlags.Value.none)
    #expect(flags.takeRest(swallowing: false).operands == ["queues"])
  }

  @Test("after an unknown flag a word is its value only where no operands are taken")
  func swallowing() {
    var first = CommandLineFlags(["--what", "x", "y"])
    let swallowed = first.takeRest(swallowing: true)
    #expect(swallowed.unknown == ["--what"] && swallowed.operands == ["y"])
    var second = CommandLineFlags(["--what", "x", "y"])
    #expect(second.takeRest(swallowing: false).operands == ["x", "y"])
    var third = CommandLineFlags(["--what=1", "x"])
    #expect(third.takeRest(swallowing: true).operands == ["x"])
  }
}

@Suite("What may be shown of settings")
struct SettingTests {
  @Test(
    "credentials are left out of URLs of any shape",
    arguments: [
      ("redis://h:1/0", "redis://h:1/0"), ("redis://:p@h", "redis://***@h"),
      ("redis://u:p@h/0?x=y", "redis://***@h/0?***"),
      ("redis-sentinel://u:p@a,u:p@b/m", "redis-sentinel://***@b/m"), ("p@h", "***@h"), ("redis:/u:p@h", "***@h"),
      ("", ""), ("@", "***@"), ("?", "?***"), ("redis://u:p?q@h", "redis://***@h"),
      ("redis://h?p=a@b", "redis://***@b"),
    ])
  func urls(url: String, expected: String) {
    #expect(Setting.withoutCredentials(url) == expected)
  }

  @Test("a flag is the variable in lower case with hyphens")
  func flags() {
    #expect(Setting.flag(for: "REDIS_URL") == "--redis-url")
    #expect(Setting.flag(for: "OTEL_EXPORTER_OTLP_ENDPOINT") == "--otel-exporter-otlp-endpoint")
  }
}

@Suite("The kernel's numbers")
struct StatFileTests {
  @Test("a program's name with blanks and parentheses does not shift the fields")
  func name() {
    var fields = ["4242", "(a) b (c) )", "S"]
    fields += (4...24).map(String.init)
    var statistics = ProcessStatistics()
    let isParsed = statistics.parse(stat: fields.joined(separator: " "), ticksPerSecond: 100, pageSize: 4096)
    #expect(isParsed)
    #expect(statistics.cpuSeconds == 0.29 && statistics.threads == 20)
    #expect(statistics.virtualBytes == 23 && statistics.residentBytes == 24 * 4096)
  }

  @Test(
    "a file of another form is refused",
    arguments: ["", "1 (x) S", "1 x S 1 2 3", ")", "1 (x) S a b c d e f g h i j k l m n o p q r s t u"])
  func malformed(text: String) {
    var statistics = ProcessStatistics()
    let isParsed = statistics.parse(stat: text, ticksPerSecond: 100, pageSize: 4096)
    let isParsedWithoutTicks = statistics.parse(stat: "1 (x) S", ticksPerSecond: 0, pageSize: 4096)
    #expect(!isParsed && !isParsedWithoutTicks)
  }
}

@Suite("Numbers in scrapes")
struct MetricNumberTests {
  @Test(
    "numbers are written as Prometheus reads them",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (-3, "-3"), (0.1, "0.1"), (1e-9, "1e-09"),
      (9_007_199_254_740_991, "9007199254740991"),
      (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    ] as [(Double, String)])
  func numbers(value: Double, expected: String) {
    #expect(MetricsWriter.number(value) == expected)
  }
}
