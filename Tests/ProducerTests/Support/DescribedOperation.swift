import JSONWire

@testable import Producer

/// One operation of `/openapi.json`.
struct DescribedOperation: Sendable {
  let id: String
  let method: String
  /// The path with its parameters in braces.
  let template: String
  let statuses: Set<Int>
  /// The content type of its body, if it takes one.
  let contentType: String?

  /// All of them.
  static func all() throws -> [DescribedOperation] {
    guard let paths = try JSONDocument(WebFiles.bytes("openapi.json")).root["paths"] else { return [] }
    return paths.members.flatMap { path in
      path.value.members.map { member in
        DescribedOperation(
          id: member.value["operationId"]?.asString ?? "", method: member.name.uppercased(), template: path.name,
          statuses: Set((member.value["responses"]?.members.map(\.name) ?? []).compactMap { Int($0) }),
          contentType: Array(member.value["requestBody"]?["content"]?.members.map(\.name) ?? []).first)
      }
    }
  }

  /// Whether a token may be asked for.
  var isGuarded: Bool { template.hasPrefix("/api/v1/") }

  /// The path to something that is not there, except for a queue that is given.
  func path(queue: String = "nowhere") -> String {
    template.replacing("{id}", with: "test.01ARZ3NDEKTSV4RRFFQ69G5FAV").replacing("{queue}", with: queue)
      .replacing("{worker}", with: "nobody").replacing("{name}", with: "nothing").replacing("{slug}", with: "nothing")
  }
}
