import JSONWire
import Service
import Synchronization
import Testing

/// Keeps lines, for loggers of tests.
final class LineCapture: Sendable {
  private let kept = Mutex<[String]>([])

  var sink: LogSink {
    { line in self.kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
  }

  var lines: [String] { kept.withLock { $0 } }

  func logger(_ level: LogLevel = .info, _ format: LogFormat = .json) -> Logger {
    Logger(level: level, format: format, sink: sink, clock: { 1_769_903_999_123 })
  }
}

@Suite("Logging")
struct LoggerTests {
  @Test("a line is one JSON object with time, level and message, then the common fields in order, then others")
  func json() {
    let capture = LineCapture()
    capture.logger().with(.worker("w1"), .queue("proof")).info(
      "job finished",
      [
        .int("attempts", 2), .duration(.microseconds(1_500)), .kind("proof.policy"), .jobID("proof.01H"),
        .traceID("4b"),
        .requestID("r"), .bool("replayed", false), .double("share", 0.5), .string("reason", "a \"b\"\n"),
      ])
    #expect(
      capture.lines == [
        #"{"ts":"2026-01-31T23:59:59.123Z","level":"info","msg":"job finished","requestId":"r","jobId":"proof.01H","#
          + #""queue":"proof","kind":"proof.policy","worker":"w1","traceId":"4b","duration":1.5,"attempts":2,"#
          + #""replayed":false,"share":0.5,"reason":"a \"b\"\n"}"# + "\n"
      ])
  }

  @Test("a line of text is for eyes: clock, level, message, fields")
  func text() {
    let capture = LineCapture()
    let logger = capture.logger(.info, .text)
    logger.warning(
      "Redis is slow", [.duration(.milliseconds(250)), .string("host", "a b"), .bool("ok", true), .int("n", 1)])
    logger.info("done")
    #expect(
      capture.lines == [
        "23:59:59.123 WARNING  Redis is slow  duration=250.0  host=\"a b\"  ok=true  n=1\n",
        "23:59:59.123 INFO     done\n",
      ])
  }

  @Test("each level writes itself and what matters more; what is off is not even built")
  func levels() {
    for least in LogLevel.allCases {
      let capture = LineCapture()
      let logger = capture.logger(least)
      let built = Atomic(0)
      func message() -> String {
        built.wrappingAdd(1, ordering: .relaxed)
        return "m"
      }
      logger.trace(message())
      logger.debug(message())
      logger.info(message())
      logger.notice(message())
      logger.warning(message())
      logger.error(message())
      logger.critical(message())
      let expected = LogLevel.allCases.filter { $0 >= least }
      #expect(built.load(ordering: .relaxed) == expected.count)
      #expect(capture.lines.count == expected.count)
      for (line, level) in zip(capture.lines, expected) { #expect(line.contains(#""level":"\#(level.name)""#)) }
      #expect(LogLevel(name: least.name) == least)
      #expect(logger.isEnabled(least))
    }
    #expect(LogLevel(name: "verbose") == nil)
  }

  @Test("every line is valid JSON, whatever message and fields hold")
  func hostile() throws {
    let capture = LineCapture()
    let logger = capture.logger()
    logger.info("\u{0}\u{1F}\"\\\u{2028}é😀", [.string("a\"b", "\n"), .double("x", .nan), .string("", "")])
    logger.info(
      "twice", [.int("n", 1), .int("n", 2), .queue("a"), .queue("b"), .string("msg", "m"), .string("ts", "t")])
    for line in capture.lines {
      #expect(line.hasSuffix("}\n") && line.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 1)
      #expect(throws: Never.self) { try JSONDocument(line) }
    }
    let second = try JSONDocument(capture.lines[1]).root
    #expect(second["n"]?.asInt64 == 2 && second["queue"]?.asString == "b" && second["msg"]?.asString == "twice")
    #expect(second["field_msg"]?.asString == "m" && second["field_ts"]?.asString == "t")
  }

  @Test("text stays on its line and tells the terminal nothing")
  func terminal() {
    let capture = LineCapture()
    capture.logger(.info, .text).info("a\n\u{1B}[31m\u{202E}", [.string("k", "\r\u{85}")])
    #expect(capture.lines == ["23:59:59.123 INFO     a\\u{a}\\u{1b}[31m\\u{202e}  k=\\u{d}\\u{85}\n"])
  }

  @Test("long texts are cut")
  func long() {
    let capture = LineCapture()
    let text = String(repeating: "é", count: 100_000)
    capture.logger().info(text, [.string("a", text)])
    #expect((capture.lines.first?.utf8.count ?? 0) < 9000)
    #expect(throws: Never.self) { try JSONDocument(capture.lines.first ?? "") }
  }

  @Test("an error is logged with its own words")
  func errors() {
    struct Broken: Error, CustomStringConvertible { var description: String { "it broke" } }
    let capture = LineCapture()
    capture.logger().error("no", [.error(Broken())])
    #expect(capture.lines.first?.contains(#""error":"it broke""#) == true)
  }

  @Test("a limited line passes once an interval and then says how many were held back")
  func limited() {
    let capture = LineCapture()
    let now = Atomic<Int64>(0)
    let limiter = LogLimiter(interval: .seconds(10), clock: { now.load(ordering: .relaxed) })
    let logger = capture.logger()
    for _ in 0..<5 { logger.log(.error, limitedBy: limiter, key: "down", "down") }
    logger.log(.error, limitedBy: limiter, key: "other", "other")
    now.store(9_999_999_999, ordering: .relaxed)
    logger.log(.error, limitedBy: limiter, key: "down", "down")
    now.store(10_000_000_000, ordering: .relaxed)
    logger.log(.error, limitedBy: limiter, key: "down", "down", [.queue("q")])
    #expect(capture.lines.count == 3)
    #expect(capture.lines.last?.contains(#""queue":"q","suppressed":5}"#) == true)
  }

  @Test("a limiter with more keys than it keeps forgets the oldest and holds back no new one")
  func manyKeys() {
    let limiter = LogLimiter(interval: .seconds(10), clock: { 0 })
    for key in 0..<1000 { #expect(limiter.admit("k\(key)") == 0) }
    #expect(limiter.admit("k999") == nil)
  }

  @Test("LOG_FORMAT picks the format, auto by the terminal")
  func formats() {
    #expect(LogFormat(setting: "json", isTerminal: true) == .json)
    #expect(LogFormat(setting: "text", isTerminal: false) == .text)
    #expect(LogFormat(setting: "auto", isTerminal: true) == .text)
    #expect(LogFormat(setting: "auto", isTerminal: false) == .json)
    #expect(LogFormat(setting: "xml", isTerminal: true) == nil)
  }

  @Test("lines of many tasks do not mix")
  func concurrent() async {
    let capture = LineCapture()
    let logger = capture.logger()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask { for index in 0..<50 { logger.with(.int("task", task)).info("m", [.int("index", index)]) } }
      }
    }
    #expect(capture.lines.count == 400)
    #expect(capture.lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}\n") })
  }
}
