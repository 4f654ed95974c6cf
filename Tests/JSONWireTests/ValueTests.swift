import JSONWire
import Testing

@Suite("Views of values")
struct ValueTests {
  @Test("members come in their order with their exact bytes")
  func members() throws {
    let text = #"{ "b" : {"x" : 1.50, "y":[ ]} , "a":"\u0041\n", "n" : 12345678901234567890123 }"#
    let root = try JSONDocument(text).root
    #expect(root.kind == .object)
    #expect(root.members.map(\.name) == ["b", "a", "n"])
    #expect(root.count == 3)
    #expect(root["b"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == #"{"x" : 1.50, "y":[ ]}"#)
    #expect(root["a"].map { String(decoding: $0.rawBytes, as: UTF8.self) } == #""\u0041\n""#)
    #expect(root["a"]?.asString == "A\n")
    #expect(root["n"]?.numberText == "12345678901234567890123")
    #expect(root["c"] == nil)
    #expect(root["b"]?["x"]?.numberText == "1.50")
    #expect(root["b"]?.withRawBytes { $0.count } == 21)
  }

  @Test("asking a value for what it is not gives nil or nothing")
  func otherKinds() throws {
    for element in try JSONDocument(#"[1,"a",true,null,{"k":1},[1]]"#).root.elements {
      #expect((element.asString != nil) == (element.kind == .string))
      #expect((element.asStringBytes != nil) == (element.kind == .string))
      #expect((element.asInt64 != nil) == (element.kind == .number))
      #expect((element.asDouble != nil) == (element.kind == .number))
      #expect((element.asBool != nil) == (element.kind == .boolean))
      #expect(element.isNull == (element.kind == .null))
      #expect(Array(element.members).isEmpty == (element.kind != .object))
      #expect(Array(element.elements).isEmpty == (element.kind != .array))
      #expect((element["k"] != nil) == (element.kind == .object))
      #expect(element.count == (element.kind == .object || element.kind == .array ? 1 : 0))
    }
  }

  @Test(
    "64-bit integers are read exactly, others not at all",
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("9223372036854775807", Int64.max),
      ("-9223372036854775808", Int64.min),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999", nil), ("1.0", nil),
      ("1e2", nil),
    ] as [(String, Int64?)])
  func integers(text: String, expected: Int64?) throws {
    #expect(try JSONDocument(text).root.asInt64 == expected)
  }

  @Test(
    "a whole number is one however it is written, and never rounded",
    arguments: [
      ("0", 0), ("-0.0", 0), ("0e999999999999999999999", 0), ("51", 51), ("51.0", 51), ("51.000", 51), ("5.1e1", 51),
      ("5.1E+1", 51), ("510e-1", 51), ("-2.50e2", -250), ("0.001e3", 1), ("1e18", 1_000_000_000_000_000_000),
      ("9223372036854775807.0", Int64.max), ("9.223372036854775807e18", Int64.max),
      ("-9.223372036854775808e18", Int64.min), ("9.223372036854775808e18", nil), ("-9.223372036854775809e18", nil),
      ("1e19", nil), ("1e999999999999999999999", nil), ("1e-999999999999999999999", nil), ("51.5", nil),
      ("0.1", nil), ("1e-1", nil), ("9007199254740993.0", 9_007_199_254_740_993),
    ] as [(String, Int64?)])
  func wholeNumbers(text: String, expected: Int64?) throws {
    #expect(try JSONDocument(text).root.asWholeNumber == expected)
  }

  @Test("what is no number is no whole number", arguments: [#""51""#, "true", "null", "[51]", "{}"])
  func others(text: String) throws {
    #expect(try JSONDocument(text).root.asWholeNumber == nil)
  }

  @Test("numbers become the nearest double, and none when they are out of range")
  func doubles() throws {
    func double(_ text: String) throws -> Double? { try JSONDocument(text).root.asDouble }
    #expect(try double("0.1") == 0.1)
    #expect(try double("-1E-2") == -0.01)
    #expect(try double("123456789012345678901234567890") == 123456789012345677877719597056)
    #expect(try double("1e308") == 1e308)
    #expect(try double("1e999") == nil)
    #expect(try double("1e-999") == 0)
  }

  @Test("names match code point by code point, escapes undone, normal forms apart")
  func names() throws {
    let root = try JSONDocument(#"{"caf\u00e9":1,"cafe\u0301":2,"~/":3}"#).root
    #expect(root["caf\u{E9}"]?.asInt64 == 1)
    #expect(root["cafe\u{301}"]?.asInt64 == 2)
    #expect(try JSONDocument(#""\u0061b""#).root.isString("ab"))
    #expect(try !JSONDocument(#""ab""#).root.isString("abc"))
    #expect(try !JSONDocument("1").root.isString("1"))
  }

  @Test("each value's pointer leads back to it")
  func pointers() throws {
    let document = try JSONDocument(#"{"a":[1,{"b/c":[[],{"~":null}]}],"":{"":0},"z":"é"}"#)
    func visit(_ value: JSONValue) {
      let found = document.root[pointer: value.pointer]
      #expect(found?.range == value.range, "\(value.pointer)")
      for (_, member) in value.members { visit(member) }
      for element in value.elements { visit(element) }
    }
    visit(document.root)
    #expect(document.root.pointer == "")
    #expect(document.root["a"]?.elements.map(\.pointer) == ["/a/0", "/a/1"])
    #expect(document.root[pointer: "/a/1/b~1c/1/~0"]?.isNull == true)
    #expect(document.root[pointer: "//"]?.asInt64 == 0)
    for wrong in ["a", "/b", "/a/2", "/a/01", "/a/-", "/a/99999999999999999999", "/z/0", "/a/1/b~2c", "/a/+1"] {
      #expect(document.root[pointer: wrong] == nil, "\(wrong)")
    }
  }

  @Test("a value outlives its document and crosses tasks")
  func sendable() async throws {
    func take() throws -> JSONValue? { try JSONDocument(#"{"a":["kept"]}"#).root["a"] }
    let value = try #require(try take())
    let text = await Task { value.elements.first { _ in true }?.asString }.value
    #expect(text == "kept")
  }
}
