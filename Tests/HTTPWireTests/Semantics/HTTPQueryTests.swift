import Testing

@testable import HTTPWire

@Suite struct HTTPQueryTests {
  private func query(_ text: String) throws -> HTTPQuery { try HTTPQuery(Array(text.utf8).span) }

  @Test("parameters are decoded in order; a plus stays a plus")
  func decodes() throws {
    let query = try query("a=1&b=x%20y&&c&a=2&d=%E2%82%AC&e=1+2&=f&g==h")
    #expect(
      query.items.map { "\($0.name):\($0.value)" } == ["a:1", "b:x y", "c:", "a:2", "d:€", "e:1+2", ":f", "g:=h"])
    #expect(query["a"] == "1" && query.values("a") == ["1", "2"] && query["z"] == nil)
    #expect(try self.query("").items.isEmpty)
  }

  @Test(
    "broken escapes, NULs and bytes that are no UTF-8 are refused",
    arguments: ["%", "a=%2", "%x1=b", "a=%00", "a=%C0%80", "a=%ED%A0%80"])
  func refuses(text: String) {
    let problem = #expect(throws: Problem.self) { _ = try query(text) }
    #expect(problem?.slug == "malformed-query" && problem?.status == .badRequest)
  }

  @Test("values are typed, and errors name their parameter")
  func typed() throws {
    #expect(try query("limit=7").value("limit", as: Int.self) == 7)
    #expect(try query("").value("limit", as: Int.self) == nil)
    let problem = #expect(throws: Problem.self) { try query("limit=x").value("limit", as: Int.self) }
    #expect(problem?.errors.first?.pointer == "/limit")
  }

  @Test("unknown and repeated parameters are named")
  func known() throws {
    try query("a=1&b=2").check(known: ["a", "b"])
    let problem = #expect(throws: Problem.self) { try query("a=1&a=2&x=3").check(known: ["a", "b"]) }
    #expect(problem?.errors.map(\.pointer) == ["/a", "/x"])
  }
}
