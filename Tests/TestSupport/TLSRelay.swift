/// TLS in front of a server of this machine: Python's, in a process of its own.
public final class TLSRelay: Sendable {
  private let process: ChildProcess
  /// The port that it listens on, on 127.0.0.1.
  public let port: Int

  /// Starts it.
  ///
  /// - Parameters:
  ///   - target: the port that it connects to for each connection.
  ///   - version: the one version that it speaks, `TLSv1_2` or `TLSv1_3`.
  public init(
    to target: Int, certificate: (certificate: String, key: String), version: String = "TLSv1_3"
  ) async throws {
    process = try ChildProcess(
      "python3",
      ["-B", "\(Oracles.folder)/tls_relay.py", certificate.certificate, certificate.key, "\(target)", version])
    let line = try await process.line(containing: "listening ")
    guard let port = line.split(separator: " ").last.flatMap({ Int($0) }) else {
      throw SupportError("no port: \(line)")
    }
    self.port = port
  }

  /// How many connections were secured.
  public var connections: Int { process.outputLines.count { $0 == "secured" } }
}
