import Foundation
import TestSupport
import Testing

extension EndToEnd {
  @Suite("Redis over TLS", .serialized)
  struct RedisOverTLSTests {
    private func environment(_ redis: SecuredRedis) -> [String: String] {
      [
        "REDIS_URL": redis.url, "REDIS_CA_FILE": redis.authority.certificate,
        "REDIS_CERT_FILE": redis.identity.certificate, "REDIS_KEY_FILE": redis.identity.key,
      ]
    }

    @Test("a job goes in, is worked on and waited for, the backup is whole, and nothing of it went over the plain port")
    func whole() async throws {
      let redis = try await SecuredRedis()
      let environment = environment(redis)
      let stack = try await Stack(.workers(1, environment))
      let accepted = try await stack.api.request(
        "POST", "/api/v1/jobs", ["Content-Type": "application/json", "Prefer": "wait=20"],
        body: Array(#"{"kind":"proof.inclusion","payload":{"leaves":["1"],"index":0}}"#.utf8))
      #expect(accepted.text.contains(#""state":"succeeded""#), "\(accepted.text)")
      let folder = try TemporaryFolder("wc-tls")
      let tool = try BuiltPrograms.path(of: "jobctl")
      let backup = try await Tool.run(tool, ["backup", folder.file("a.rdb")], environment: environment)
      #expect(backup.status == 0, "\(backup)")
      let doctor = try await Tool.run(tool, ["doctor", "--json"], environment: environment)
      #expect(doctor.status == 0, "\(doctor)")
      // Every client but this one, over the socket, came by TLS.
      let clients = try #require(try redis.server.command("CLIENT", "LIST").text)
      let lines = clients.split(separator: "\n").filter { $0.contains("name=wc-") }
      #expect(
        lines.count >= 3
          && lines.allSatisfy {
            $0.contains("laddr=127.0.0.1:\(redis.port)") || $0.contains("laddr=[::1]:\(redis.port)")
          }, "\(clients)")
      #expect(stack.allRun)
    }

    @Test("a certificate that nobody vouches for is told with its reason, and so is a setting that would not encrypt")
    func refused() async throws {
      let redis = try await SecuredRedis()
      let tool = try BuiltPrograms.path(of: "jobctl")
      var environment = environment(redis)
      let other = try await TestAuthority()
      environment["REDIS_CA_FILE"] = other.certificate
      let stranger = try await Tool.run(tool, ["doctor"], environment: environment)
      #expect(stranger.status == 69 && stranger.error.contains("certificate"), "\(stranger)")
      environment["REDIS_CA_FILE"] = redis.authority.certificate
      environment["REDIS_URL"] = redis.server.url
      let plain = try await Tool.run(tool, ["doctor"], environment: environment)
      #expect(
        plain.status == 78 && plain.error.contains("REDIS_CA_FILE") && plain.error.contains("rediss://"), "\(plain)")
      environment["REDIS_URL"] = redis.url
      environment["REDIS_KEY_FILE"] = nil
      let half = try await Tool.run(tool, ["doctor"], environment: environment)
      #expect(half.status == 78 && half.error.contains("REDIS_KEY_FILE is missing"), "\(half)")
      environment["REDIS_KEY_FILE"] = redis.authority.certificate
      let wrong = try await Tool.run(tool, ["doctor"], environment: environment)
      #expect(wrong.status == 78 && wrong.error.contains("PEM"), "\(wrong)")
    }
  }
}
