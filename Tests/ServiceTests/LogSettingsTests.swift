import Testing

@testable import Service

@Suite("Settings of the log")
struct LogSettingsTests {
  private func read(_ environment: [String: String], isTerminal: Bool) -> Launch<LogSettings> {
    Launch.read(Sample.program, arguments: [], environment: environment) { LogSettings(&$0, isTerminal: isTerminal) }
  }

  @Test("lines are JSON, and text on a terminal")
  func automatic() {
    #expect(read([:], isTerminal: false).settings.map { $0.level == .info && $0.format == .json } == true)
    #expect(read([:], isTerminal: true).settings?.format == .text)
  }

  @Test("what is set wins")
  func set() {
    #expect(read(["LOG_FORMAT": "json"], isTerminal: true).settings?.format == .json)
    #expect(read(["LOG_LEVEL": "debug"], isTerminal: true).settings?.logger().isEnabled(.debug) == true)
  }

  @Test("an unknown level is refused with the list of those that exist")
  func unknown() {
    #expect(
      read(["LOG_LEVEL": "loud"], isTerminal: true).errors == [
        "config: LOG_LEVEL=\"loud\" is not valid: "
          + "expected one of trace, debug, info, notice, warning, error, critical (from environment)"
      ])
  }
}
