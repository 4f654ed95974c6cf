import HTTPWire
import JSONWire
import TestSupport
import Testing
import Transport

@testable import Producer

@Suite("openapi.json") struct OpenAPITests {
  private static let document = Result { try JSONDocument(WebFiles.bytes("openapi.json")).root }

  /// `GET /api/v1/jobs/{}`: names of parameters do not count.
  private static func line(_ method: String, _ path: String) -> String {
    method.uppercased() + " " + path.replacing(/\{[a-z_]+\}/, with: "{}")
  }

  @Test("describes every route, and no other")
  func routes() async throws {
    try await withProducer { producer async throws in
      let served = await Set(producer.routes().map { Self.line("\($0.method)", $0.template) })
      let root = try Self.document.get()
      var described: Set<String> = []
      for path in try #require(root["paths"]).members {
        for operation in path.value.members { described.insert(Self.line(operation.name, path.name)) }
      }
      #expect(served.subtracting(described).sorted() == [])
      #expect(described.subtracting(served).sorted() == [])
    }
  }

  @Test("is OpenAPI 3.1, served with a tag, and every reference leads somewhere")
  func references() async throws {
    let root = try Self.document.get()
    #expect(root["openapi"]?.asString == "3.1.0")
    #expect(root["components"]?["securitySchemes"]?["bearer"]?["scheme"]?.asString == "bearer")
    var references: Set<String> = []
    func collect(_ value: JSONValue) {
      if let reference = value["$ref"]?.asString { references.insert(reference) }
      for member in value.members { collect(member.value) }
      for element in value.elements { collect(element) }
    }
    collect(root)
    #expect(references.count > 15)
    for reference in references {
      let parts = reference.split(separator: "/").dropFirst()
      let target = parts.reduce(root as JSONValue?) { $0?[String($1)] }
      #expect(reference.hasPrefix("#/") && target != nil, "\(reference)")
    }
    try await withProducer { producer async throws in
      let answer = try await producer.http.get("/openapi.json")
      #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
      #expect(
        try await producer.http.get("/openapi.json", ["If-None-Match": answer.headers["etag"] ?? ""]).status == 304)
    }
  }

  @Test("every operation names the scope that a token needs, as the program asks for it")
  func scopes() throws {
    for path in try #require(Self.document.get()["paths"]).members {
      for operation in path.value.members {
        let method = try #require(HTTPMethod.allCases.first { "\($0)" == operation.name.uppercased() })
        let target = path.name.replacing(/\{[a-z_]+\}/, with: "x")
        let scope = AccessControl.scope(of: try HTTPRequest(method, target))
        let security = try #require(operation.value["security"], "\(operation.name) \(path.name)").elements
        // Tokens are needed where the operator says so, which is why none is allowed too.
        let wanted: [[String: [String?]]] = scope.map { [["bearer": [$0.rawValue]], [:]] } ?? []
        let said = security.map { requirement in
          Dictionary(
            uniqueKeysWithValues: requirement.members.map { ($0.name, Array($0.value.elements.map(\.asString))) })
        }
        #expect(said == wanted, "\(operation.name) \(path.name)")
      }
    }
  }

  @Test("every operation has a name of its own, a summary, its path's parameters, and problems where it can fail")
  func operations() throws {
    var ids: Set<String> = []
    for path in try #require(Self.document.get()["paths"]).members {
      let names = path.name.matches(of: /\{([a-z_]+)\}/).map { String($0.1) }
      for operation in path.value.members {
        let value = operation.value
        #expect(ids.insert(try #require(value["operationId"]?.asString)).inserted)
        #expect(value["summary"]?.asString?.isEmpty == false && value["responses"]?.kind == .object)
        let declared = (value["parameters"]?.elements).map { Array($0) } ?? []
        let inPath = declared.filter { $0["in"]?.asString == "path" }.compactMap { $0["name"]?.asString }
        #expect(Set(inPath) == Set(names), "\(operation.name) \(path.name)")
        if path.name.hasPrefix("/api/v1") {
          #expect(value["responses"]?["503"] != nil, "\(operation.name) \(path.name)")
        }
      }
    }
  }
}
