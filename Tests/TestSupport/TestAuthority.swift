import Foundation

/// An authority that signs certificates for tests, made by the openssl program; it ends with this value.
public final class TestAuthority: Sendable {
  private let folder: TemporaryFolder

  /// Makes its key and certificate.
  public init() async throws {
    folder = try TemporaryFolder()
    try await openssl(
      ["req", "-x509", "-subj", "/CN=authority of a test", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem"]
        + Self.key)
  }

  /// The path of its certificate, in PEM.
  public var certificate: String { folder.file("ca.pem") }

  /// Signs a certificate for names and addresses (`DNS:localhost`, `IP:127.0.0.1`) and returns the paths of certificate and key.
  public func sign(_ names: String...) async throws -> (certificate: String, key: String) {
    let name = "\(UInt32.random(in: 0...UInt32.max))"
    try await openssl(
      ["req", "-new", "-subj", "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).csr"] + Self.key)
    try folder.write("subjectAltName=\(names.joined(separator: ","))\n", to: "\(name).ext")
    try await openssl([
      "x509", "-req", "-in", "\(name).csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2", "-extfile",
      "\(name).ext",
      "-out", "\(name).pem",
    ])
    return (folder.file("\(name).pem"), folder.file("\(name).key"))
  }

  private static let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

  private func openssl(_ arguments: [String]) async throws {
    let child = try ChildProcess("openssl", arguments, folder: folder.path)
    guard try await child.waitForExit() == .status(0) else { throw SupportError("openssl \(arguments): \(child.tail)") }
  }
}
