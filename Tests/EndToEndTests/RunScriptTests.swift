import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("scripts/run")
  struct RunScriptTests {
    @Test("it starts everything, shows three succeeded jobs, and leaves no process")
    func once() async throws {
      let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let folder = try TemporaryFolder()
      let result = try await Tool.run(
        root.appendingPathComponent("scripts/run").path, ["--once"],
        environment: ["WC_BIN_DIR": BuiltPrograms.folder, "WC_RUN_DIR": folder.path], within: .seconds(120))
      #expect(result.status == 0, "\(result.output)\n\(result.error)")
      #expect(result.output.components(separatedBy: #""state":"succeeded""#).count == 4, "\(result.output)")
      for program in ["worker", "producer", "redis"] {
        #expect(result.output.contains("\(program) stopped (status 0)"), "\(result.output)")
      }
      #expect(result.output.contains(#""allowed":true"#), "\(result.output)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("keys")).contains("manifest.json"))
      let key = try FileManager.default.attributesOfItem(atPath: folder.file("encryption_key"))
      #expect((key[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }
  }
}
