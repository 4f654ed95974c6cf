import JSONWire
import Testing

@Suite("Strict reading of fields")
struct FieldReaderTests {
  private struct Request: Equatable {
    var kind = ""
    var priority: String?
    var attempts: Int?
    var key: String?
    var tags: [String]?
  }

  private func read(_ text: String, prefix: String = "") throws -> Request {
    var fields = JSONFieldReader(try JSONDocument(text).root, prefix: prefix)
    var request = Request()
    request.kind = fields.string("kind", length: 1...16)
    request.priority = fields.optionalOneOf("priority", ["normal", "high"])
    request.attempts = fields.optionalInt("max_attempts", in: 1...100)
    request.key = fields.optionalObject("unique") { $0.string("key", length: 1...8) }
    request.tags = fields.optionalStrings("tags", count: 0...2, length: 1...3)
    try fields.finish()
    return request
  }

  private func problems(_ text: String, prefix: String = "") -> [String] {
    #expect(throws: JSONProblems.self) { try read(text, prefix: prefix) }?.problems.map(\.description) ?? []
  }

  @Test("a good object is read; null stands for absent in an optional field")
  func good() throws {
    let full = try read(
      #"{"kind":"a","priority":"high","max_attempts":3,"unique":{"key":"k"},"tags":["x","yz"]}"#)
    #expect(full == Request(kind: "a", priority: "high", attempts: 3, key: "k", tags: ["x", "yz"]))
    #expect(try read(#"{"kind":"a","priority":null,"unique":null,"tags":null}"#) == Request(kind: "a"))
  }

  @Test("all problems are reported at once, in order, each with its pointer")
  func all() {
    let text = #"{"priority":"CANARY","max_attempts":0,"unique":{"kex":1},"tags":[1,"CANARY",""],"prioritty":2}"#
    #expect(
      problems(text) == [
        "/kind: missing",
        #"/priority: expected one of "normal", "high", not a string of 6 bytes"#,
        "/max_attempts: expected an integer, 1 to 100, not an integer of 1 bytes",
        "/unique/key: missing",
        #"/unique/kex: unknown field; did you mean "key"?"#,
        "/tags: expected an array of 0 to 2 elements, not an array of 3 elements",
        #"/prioritty: unknown field; did you mean "priority"?"#,
      ])
  }

  @Test("each wrong type is named, and what a string holds is never repeated")
  func types() {
    #expect(problems(#"{"kind":null}"#) == ["/kind: expected a string, not null"])
    #expect(problems(#"{"kind":["CANARY"]}"#) == ["/kind: expected a string, not an array of 1 elements"])
    #expect(problems(#"{"kind":""}"#) == ["/kind: expected a string of 1 to 16 bytes, not a string of 0 bytes"])
    #expect(
      problems(#"{"kind":"a","max_attempts":"3"}"#) == ["/max_attempts: expected an integer, not a string of 1 bytes"])
    #expect(
      problems(#"{"kind":"a","max_attempts":1.5}"#)
        == ["/max_attempts: expected an integer, 1 to 100, not a number of 3 bytes"])
    #expect(problems(#"{"kind":"a","unique":true}"#) == ["/unique: expected an object, not a boolean"])
    #expect(problems(#"{"kind":"a","tags":[{}]}"#) == ["/tags/0: expected a string, not an object of 0 members"])
    #expect(
      problems(#"{"kind":"a","tags":["CANARY"]}"#) == [
        "/tags/0: expected a string of 1 to 3 bytes, not a string of 6 bytes"
      ])
  }

  @Test("a value that is no object is one problem, not one for each field")
  func noObject() {
    #expect(problems("[]") == ["expected an object, not an array of 0 elements"])
    #expect(problems("null", prefix: "/payload") == ["/payload: expected an object, not null"])
  }

  @Test("a prefix precedes every pointer, and names are escaped in it")
  func prefix() {
    #expect(
      problems(#"{"a/b~c":1}"#, prefix: "/payload") == [
        "/payload/kind: missing",
        "/payload/a~1b~0c: unknown field; known are kind, priority, max_attempts, unique, tags",
      ])
  }

  @Test("a long unknown name is cut in the message")
  func longName() {
    let found = problems("{\"kind\":\"a\",\"\(String(repeating: "n", count: 5000))\":1}")
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.utf8.count < 200 })
  }

  @Test("a hostile object with 100000 faults is answered with a few of them, and says so")
  func manyProblems() throws {
    let unknown = (0..<60_000).map { "\"unknown_field_with_a_long_name_\($0)\":0" }.joined(separator: ",")
    let wrong = [String](repeating: "{}", count: 30_000).joined(separator: ",")
    let limits = JSONLimits(bytes: 1 << 24)
    var fields = JSONFieldReader(try JSONDocument("{\"tags\":[\(wrong)],\(unknown)}", limits: limits).root)
    _ = fields.strings("tags")
    for index in 0..<100 { _ = fields.string("missing\(index)") }
    let error = #expect(throws: JSONProblems.self) { try fields.finish() }
    #expect(error?.problems.count == JSONFieldReader.mostProblems + 1)
    #expect(error?.problems.first?.pointer == "/tags/0")
    #expect(error?.problems.last?.detail == "more problems are not listed")
  }

  @Test("every scalar read works in its required and its optional form")
  func scalars() throws {
    var fields = JSONFieldReader(
      try JSONDocument(#"{"d":0.5,"b":true,"i":-3,"c":"x","a":[1],"s":["q"],"v":null}"#).root)
    let double = fields.double("d", in: 0...1)
    #expect(double == 0.5)
    let optionalDouble = fields.optionalDouble("d", in: 0...1)
    #expect(optionalDouble == 0.5)
    let bool = fields.bool("b")
    #expect(bool)
    let optionalBool = fields.optionalBool("b")
    #expect(optionalBool == true)
    let int = fields.int("i")
    #expect(int == -3)
    let choice = fields.oneOf("c", ["x", "y"])
    #expect(choice == "x")
    let array = fields.array("a", count: 1...1)
    #expect(array.count == 1)
    let optionalArray = fields.optionalArray("a")
    #expect(optionalArray?.count == 1)
    let strings = fields.strings("s")
    #expect(strings == ["q"])
    let value = fields.value("v")
    #expect(value.isNull)
    let nullValue = fields.optionalValue("v")
    #expect(nullValue == nil)
    let absentString = fields.optionalString("w")
    #expect(absentString == nil)
    let absentBool = fields.optionalBool("w")
    #expect(absentBool == nil)
    try fields.finish()
  }

  @Test("required reads of absent fields give placeholders and one problem each")
  func placeholders() throws {
    var fields = JSONFieldReader(try JSONDocument("{}").root)
    let strings = [fields.string("s"), fields.oneOf("o", ["x"])]
    let integer = fields.int("i")
    let double = fields.double("d", in: 0...1)
    let bool = fields.bool("b")
    let counts = [fields.array("a").count, fields.strings("l").count]
    let value = fields.value("v")
    #expect(strings == ["", ""] && integer == 0 && double == 0 && !bool && counts == [0, 0] && value.isNull)
    let object: Int? = fields.object("n") { _ in 1 }
    #expect(object == nil)
    let error = #expect(throws: JSONProblems.self) { try fields.finish() }
    #expect(error?.problems.map(\.pointer) == ["/s", "/o", "/i", "/d", "/b", "/a", "/l", "/v", "/n"])
    #expect(error?.problems.allSatisfy { $0.detail == "missing" } == true)
  }

  @Test("objects in an array are read by readers of their own")
  func nested() throws {
    var fields = JSONFieldReader(try JSONDocument(#"{"list":[{"n":1},{"n":"x","m":2},3]}"#).root)
    for element in fields.array("list") { _ = fields.nested(element) { $0.int("n") } }
    let error = #expect(throws: JSONProblems.self) { try fields.finish() }
    #expect(error?.problems.map(\.pointer) == ["/list/1/n", "/list/1/m", "/list/2"])
  }
}

@Suite("Near names")
struct NearestNameTests {
  @Test(
    "edit distance counts insertions, deletions, replacements and swaps",
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("ABC", "abc", 0), ("REDIS_ULR", "REDIS_URL", 1),
      ("kitten", "sitting", 3),
      ("abc", "abd", 1), ("abc", "ab", 1), ("ca", "abc", 3),
    ])
  func distances(a: String, b: String, expected: Int) {
    #expect(NearestName.editDistance(a, b) == expected)
    #expect(NearestName.editDistance(b, a) == expected)
  }

  @Test("the nearest known name is suggested, and none when all are far or the name is long")
  func suggestions() {
    let known = ["port", "redis-url", "concurrency"]
    #expect(NearestName.suggestion(for: "prot", among: known) == "port")
    #expect(NearestName.suggestion(for: "redis_url", among: known) == "redis-url")
    #expect(NearestName.suggestion(for: "x", among: ["y"]) == nil)
    #expect(NearestName.suggestion(for: "port", among: known) == nil)
    #expect(NearestName.suggestion(for: "zebra", among: known) == nil)
    #expect(NearestName.suggestion(for: String(repeating: "p", count: 1000), among: known) == nil)
  }

  @Test("where content is private, unknown fields are told by the length of their names alone")
  func privateNames() throws {
    var fields = JSONFieldReader(
      try JSONDocument(#"{"canary1":1,"kay":2,"deep":{"canary22":3}}"#).root, namesUnknown: false)
    _ = fields.optionalInt("key")
    _ = fields.optionalObject("deep") { $0.optionalInt("inner") }
    let problems = #expect(throws: JSONProblems.self) { try fields.finish() }
    let text = try #require(problems).description
    #expect(!text.contains("canary") && !text.contains("kay"))
    #expect(text.contains("a name of 7 bytes") && text.contains("a name of 8 bytes"))
    #expect(text.contains(#"a name of 3 bytes; did you mean "key"?"#))
  }
}
