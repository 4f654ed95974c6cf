public import Service

extension ProgramEnd {
  /// What `--check` says: the settings were read, and this is what was found about Redis.
  ///
  /// Status 0 when Redis can be used, 78 when its settings would lose jobs, 69 when it does not answer.
  public init(checking find: () async throws(JobError) -> [ServerFinding]) async {
    do {
      let findings = try await find()
      let lines = findings.map { "redis: \($0.severity.rawValue): \($0)\n" }.joined()
      let isUsable = findings.allSatisfy { $0.severity < .error }
      self.init(isUsable ? .success : .configuration, output: lines + "settings: ok\n")
    } catch {
      self.init(.unavailable, errors: "check: \(error)\n")
    }
  }
}
