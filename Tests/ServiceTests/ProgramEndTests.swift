import Service
import Testing

@Suite("Ends of programs")
struct ProgramEndTests {
  @Test("an end prints on both streams and exits with its code")
  func perform() async throws {
    let result = try await #require(
      processExitsWith: .exitCode(78), observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      ProgramEnd(.configuration, output: "out\n", errors: "config: wrong\n").perform()
    }
    #expect(String(decoding: result.standardOutputContent, as: UTF8.self).contains("out\n"))
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("config: wrong\n"))
  }

  @Test("the settings of the real process are read from its own environment")
  func realProcess() async throws {
    let result = try await #require(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
      let launch = Launch.read(ProgramDescription(name: "self", summary: "reads itself", operands: "ANY")) { reader in
        reader.optionalString("PATH", "where programs are")
      }
      // The runner's own flags are none of ours, so that this ends with a usage error or runs.
      let isRead =
        switch launch {
        case .run(let path, let details): path == details.environment["PATH"]
        case .check: false
        case .end(let end): end.code == .usage
        }
      Logger(format: .json).info("read", [.bool("ok", isRead)])
      ProgramEnd(isRead ? .success : .failure).perform()
    }
    #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains(#""msg":"read","ok":true}"#))
  }
}
