import HTTPWire
import TestSupport
import Testing
import Transport

@Suite("A client over TLS")
@EventLoop
struct SecuredClientTests {
  /// A server that sends back what it gets.
  private func echo() throws -> (server: HTTPServer, port: Int) {
    var router = Router()
    router.on(.post, "/echo", options: RouteOptions(bodyLimit: 8 << 20)) { request in
      HTTPResponse(contentType: "application/octet-stream", body: .bytes(request.body))
    }
    let server = HTTPServer(router: router)
    return (server, try server.listen(on: .tcp(host: "127.0.0.1", port: 0)))
  }

  private func client(_ host: String, _ port: Int, _ authority: String) throws -> HTTPClient {
    let url = try #require(HTTPURL("https://\(host):\(port)"))
    return HTTPClient(url, believing: try TLSContext(authorities: authority))
  }

  private func failure(_ client: HTTPClient) async -> HTTPClientError? {
    do throws(HTTPClientError) {
      _ = try await client.send(.post, "/echo", body: [1])
      return nil
    } catch {
      return error
    }
  }

  @Test("what goes out comes back, small and large, over one connection", arguments: ["TLSv1_2", "TLSv1_3"])
  func echoes(version: String) async throws {
    let authority = try await TestAuthority()
    let (server, port) = try echo()
    let relay = try await TLSRelay(
      to: port, certificate: try await authority.sign("DNS:localhost", "IP:127.0.0.1"), version: version)
    var generator = SeededGenerator()
    for host in ["localhost", "127.0.0.1"] {
      let client = try client(host, relay.port, authority.certificate)
      for count in [0, 1, 100, 16_384, 70_000, 3_000_000] {
        let body = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let answer = try await client.send(.post, "/echo", body: body)
        #expect(answer.status.code == 200 && answer.body == body, "\(count) bytes, \(generator)")
      }
      client.close()
    }
    #expect(relay.connections == 2)
    await server.shutdown(within: .seconds(2))
  }

  @Test("a certificate of another name, or of an authority that nobody named, is not taken")
  func distrust() async throws {
    let (server, port) = try echo()
    let (authority, stranger) = (try await TestAuthority(), try await TestAuthority())
    let relay = try await TLSRelay(to: port, certificate: try await authority.sign("DNS:localhost"))
    for (host, file) in [("localhost", stranger.certificate), ("127.0.0.1", authority.certificate)] {
      let error = await failure(try client(host, relay.port, file))
      guard case .secured(let cause)? = error else {
        Issue.record("\(host): \(String(describing: error))")
        continue
      }
      #expect(cause.description.contains("certificate of \(host) is not taken"), "\(cause)")
      #expect(error?.isRetryable == false && error?.code == "transform_failed")
    }
    let system = HTTPClient(
      try #require(HTTPURL("https://localhost:\(relay.port)")), believing: try TLSContext())
    guard case .secured? = await failure(system) else {
      Issue.record("the system believed the authority of a test")
      return
    }
    await server.shutdown(within: .seconds(2))
  }

  @Test("a server that does not speak TLS is an error that says so, and a file without certificates another")
  func plain() async throws {
    let (server, port) = try echo()
    let authority = try await TestAuthority()
    guard case .secured? = await failure(try client("localhost", port, authority.certificate)) else {
      Issue.record("a plain server was taken")
      return
    }
    let folder = try TemporaryFolder()
    for path in ["/nothing", try folder.write("no certificate", to: "ca.pem")] {
      do throws(TransportError) {
        _ = try TLSContext(authorities: path)
        Issue.record("\(path) was taken")
      } catch {
        #expect(error.description.contains(path), "\(error)")
      }
    }
    await server.shutdown(within: .seconds(2))
  }
}
