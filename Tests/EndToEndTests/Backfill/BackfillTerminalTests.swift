import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("A backfill at a terminal", .serialized)
  struct BackfillTerminalTests {
    @Test("one line is drawn again and again, never wider than the terminal", arguments: [40, 80, 200])
    func progress(columns: Int) async throws {
      let bench = try await BackfillBench()
      let file = try bench.file(3000, others: [2: "refused"])
      let output = try await Tool.output(
        of: "python3",
        [
          "-B", "\(Oracles.folder)/progress_frames.py", "\(columns)", try BuiltPrograms.path(of: "jobctl"), "backfill",
          file,
          "--rate", "3000",
        ], environment: bench.environment)
      let seen = try JSONTree(output)
      #expect(seen["status"].int == 3, "\(seen)")
      let frames = seen["frames"].elements.compactMap(\.string)
      #expect(frames.count >= 3, "\(frames)")
      #expect(frames.allSatisfy { $0.count < columns && !$0.contains("\u{1B}") }, "\(frames)")
      let shares = frames.compactMap { frame in
        frame.split(separator: " ").first { $0.hasSuffix("%") }.flatMap { Int($0.dropLast()) }
      }
      #expect(shares.count == frames.count && shares == shares.sorted() && shares.last == 100, "\(frames)")
      #expect(frames.last?.contains("2,999 jobs") == true)
      #expect(frames.contains { $0.hasPrefix("[=") } == (columns >= 80), "\(frames)")
      #expect(seen["output"].string?.hasPrefix("2,999 jobs are in, 1 lines were refused") == true, "\(seen)")
    }

    @Test("elsewhere there is no bar and nothing that steers a terminal")
    func plain() async throws {
      let bench = try await BackfillBench()
      let end = try await bench.backfill(try bench.file(50))
      #expect(end.status == 0 && !end.error.contains("\r") && !end.error.contains("\u{1B}"), "\(end)")
      #expect(end.output.hasPrefix("50 jobs are in, 0 lines were refused"))
    }
  }
}
