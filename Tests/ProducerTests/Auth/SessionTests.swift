import TestSupport
import Testing

@Suite("Who am I") struct SessionTests {
  private static let key = "canary-api-key-" + TokenMint.secret.suffix(32)

  @Test("where everything is open, nobody has a name and everybody may do everything")
  func open() async throws {
    try await withProducer(["KEY_PREFIX": "shop"]) { producer async throws in
      let answer = try await producer.http.get("/api/v1/session")
      #expect(answer.status == 200 && answer.headers["cache-control"] == "no-store")
      #expect(answer.json["owner"] == .null && answer.json["key_prefix"].string == "shop")
      #expect(answer.json["scopes"].elements.map(\.string) == ["jobs:read", "jobs:write", "admin"])
      #expect(try await producer.http.get("/api/v1/session?x=1").status == 400)
    }
  }

  @Test("a key tells its owner and scopes", arguments: ["jobs:read", "jobs:read,jobs:write", "admin"])
  func scopes(_ scopes: String) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("ada \(try TokenMint.hash(Self.key)) \(scopes) team-a\n", to: "keys")
    try await withProducer(["API_KEYS_FILE": path]) { producer async throws in
      #expect(try await producer.http.get("/api/v1/session").status == 401)
      let answer = try await producer.http.get("/api/v1/session", ["Authorization": "Bearer \(Self.key)"])
      #expect(answer.status == 200 && answer.json["owner"].string == "team-a")
      // admin allows what the others allow.
      let expected =
        scopes == "admin" ? ["jobs:read", "jobs:write", "admin"] : scopes.split(separator: ",").map(String.init)
      #expect(answer.json["scopes"].elements.compactMap(\.string) == expected)
      #expect(!answer.text.contains(Self.key))
    }
    withExtendedLifetime(folder) {}
  }
}
