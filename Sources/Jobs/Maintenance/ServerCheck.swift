import RedisWire

/// One thing about the Redis server that the promises to callers rest on.
public struct ServerFinding: Sendable, Hashable, CustomStringConvertible {
  /// How much it matters.
  public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Good to know.
    case notice
    /// A promise is weaker than it could be.
    case warning
    /// The programs cannot do their work, or jobs will be lost.
    case error

    /// Orders by weight.
    public static func < (left: Severity, right: Severity) -> Bool {
      (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
  }

  /// How much it matters.
  public let severity: Severity
  /// A stable word.
  public let code: String
  /// What it is and what to do.
  public let description: String
}

/// Holds a server against what the design asks of it. Managed servers that refuse CONFIG are judged by INFO alone.
public enum ServerCheck {
  /// The settings to ask CONFIG GET for, one by one.
  static let settings = ["appendfsync", "hash-max-listpack-value"]

  /// What is to be said about a server.
  ///
  /// - Parameters:
  ///   - info: the text of INFO.
  ///   - settings: answers of CONFIG GET by name; absent where the server refuses to say.
  public static func findings(info: ServerInfo, settings: [String: String]) -> [ServerFinding] {
    var findings: [ServerFinding] = []
    func add(_ severity: ServerFinding.Severity, _ code: String, _ text: String) {
      findings.append(ServerFinding(severity: severity, code: code, description: text))
    }
    if let version = info["redis_version"] {
      if !isNewEnough(version) { add(.error, "version", "redis is version \(version); 7.0 or newer is needed") }
    } else {
      add(.warning, "version", "redis does not say its version; 7.0 or newer is needed")
    }
    if info["role"] == "slave" {
      add(.error, "role", "this redis is a replica and takes no writes; point REDIS_URL at the primary")
    }
    if let policy = info["maxmemory_policy"], policy != "noeviction" {
      add(.error, "maxmemory_policy", "maxmemory-policy is \(policy): redis may delete jobs; set noeviction")
    }
    if info["maxmemory"] == "0" {
      add(.notice, "maxmemory", "redis has no maxmemory: when memory runs out the system may kill it; set a limit")
    }
    switch (info["aof_enabled"], settings["appendfsync"]) {
    case ("0", _):
      add(.warning, "aof", "the append-only file is off: a crash of redis loses accepted jobs; set appendonly yes")
    case ("1", "no"):
      add(.warning, "appendfsync", "appendfsync is no: a crash of the machine loses what the kernel had not written")
    case ("1", "everysec"):
      add(.notice, "appendfsync", "appendfsync is everysec: a crash of redis loses at most a second of accepted jobs")
    default: break
    }
    if let text = settings["hash-max-listpack-value"], let value = Int(text), value < 1024 {
      add(.warning, "listpack", "hash-max-listpack-value is \(value): a job takes twice the memory; set 1024")
    }
    if settings.isEmpty {
      add(.notice, "config", "redis refuses CONFIG GET: appendfsync and hash-max-listpack-value could not be checked")
    }
    return findings
  }

  private static func isNewEnough(_ version: String) -> Bool {
    version.split(separator: ".").first.flatMap { Int($0) }.map { $0 >= 7 } ?? false
  }
}

extension JobStore {
  /// What INFO says.
  ///
  /// - Parameter section: one section of it; nil for the default ones.
  public func serverInfo(section: String? = nil) async throws(JobError) -> ServerInfo {
    var command = RedisCommand("INFO")
    if let section { command.append(section) }
    return ServerInfo(try await execute(command).string ?? "")
  }

  /// Holds the server against what the design asks of it.
  public func checkServer() async throws(JobError) -> [ServerFinding] {
    let info = try await serverInfo()
    var settings: [String: String] = [:]
    for name in ServerCheck.settings {
      do throws(JobError) {
        settings[name] = try await execute(RedisCommand("CONFIG", "GET", name)).pairs?[name]?.string
      } catch {
        // A managed server or an ACL refuses CONFIG; anything else is a failure.
        guard case .storeUnavailable(.server) = error else { throw error }
      }
    }
    return ServerCheck.findings(info: info, settings: settings)
  }
}
