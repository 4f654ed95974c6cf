import JSONWire
import Testing

@Suite("Limits of a document")
struct LimitTests {
  @Test("nesting is accepted up to the limit and refused above it, at any limit")
  func depth() throws {
    for depth in [0, 1, 2, 64, 10_000] {
      let limits = JSONLimits(depth: depth)
      for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
        let nested = { (count: Int) in
          String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
        }
        #expect(throws: Never.self) { try JSONDocument(nested(depth), limits: limits) }
        let error = #expect(throws: JSONError.self) { try JSONDocument(nested(depth + 1), limits: limits) }
        #expect(error?.code == .tooDeep)
        #expect(error?.offset == depth * open.utf8.count)
      }
    }
  }

  @Test("a million brackets are refused at the default depth")
  func brackets() {
    let error = #expect(throws: JSONError.self) {
      try JSONDocument([UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
    }
    #expect(error?.code == .tooDeep)
  }

  @Test("a document of exactly the byte limit is accepted, one more is refused")
  func bytes() {
    let limits = JSONLimits(bytes: 5)
    #expect(throws: Never.self) { try JSONDocument("\"abc\"", limits: limits) }
    #expect(throws: JSONError.self) { try JSONDocument("\"abcd\"", limits: limits) }.map {
      #expect($0.code == .tooLarge)
    }
  }

  @Test("values and names count together")
  func values() {
    let limits = JSONLimits(values: 5)
    #expect(throws: Never.self) { try JSONDocument("[1,2,3,4]", limits: limits) }
    #expect(throws: Never.self) { try JSONDocument(#"{"a":1,"b":2}"#, limits: limits) }
    for text in ["[1,2,3,4,5]", #"{"a":1,"b":2,"c":3}"#, "[[],[],[],[],[]]"] {
      #expect(throws: JSONError.self) { try JSONDocument(text, limits: limits) }.map {
        #expect($0.code == .tooManyValues)
      }
    }
  }

  @Test("a number longer than its limit is refused")
  func numbers() {
    let limits = JSONLimits(numberBytes: 10)
    #expect(throws: Never.self) { try JSONDocument("[1234567890]", limits: limits) }
    let error = #expect(throws: JSONError.self) { try JSONDocument("[12345678901]", limits: limits) }
    #expect(error?.code == .invalidNumber)
    #expect(error?.offset == 1)
  }

  @Test("an object of 100000 names is checked for duplicates in one pass, wherever the duplicate is")
  func wideObjects() throws {
    let names = (0..<100_000).map { "\"name\($0)\":\($0)" }
    let document = try JSONDocument("{" + names.joined(separator: ",") + "}", limits: JSONLimits(bytes: 1 << 24))
    #expect(document.root["name99999"]?.asInt64 == 99_999)
    for duplicate in [0, 50_000, 99_999] {
      let text = "{" + names.joined(separator: ",") + ",\"n\\u0061me\(duplicate)\":0}"
      let error = #expect(throws: JSONError.self) { try JSONDocument(text, limits: JSONLimits(bytes: 1 << 24)) }
      #expect(error?.code == .duplicateName)
    }
  }

  @Test("duplicates are found in objects of every width around the switch to hashing", arguments: 2...20)
  func duplicateAtEachPlace(width: Int) throws {
    let names = (0..<width).map { "k\($0)" }
    #expect(throws: Never.self) { try JSONDocument("{" + names.map { "\"\($0)\":[{}]" }.joined(separator: ",") + "}") }
    for first in 0..<width {
      for second in first + 1..<width {
        var changed = names
        changed[second] = names[first]
        let text = "{" + changed.map { "\"\($0)\":[{}]" }.joined(separator: ",") + "}"
        let error = #expect(throws: JSONError.self) { try JSONDocument(text) }
        #expect(error?.code == .duplicateName, "\(first) and \(second) of \(width)")
      }
    }
  }
}
