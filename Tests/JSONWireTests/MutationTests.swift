import JSONWire
import TestSupport
import Testing

@Suite("Random documents")
struct MutationTests {
  @Test("100000 mutated documents are accepted or refused, and what is accepted can be walked")
  func mutations() {
    var generator = SeededGenerator()
    let seeds = acceptedDocuments.map { Array($0.utf8) } + refusedDocuments.map { Array($0.text.utf8) }
    let limits = JSONLimits(depth: 8, bytes: 400, values: 40, numberBytes: 40)
    var accepted = 0
    for _ in 0..<100_000 {
      let bytes = generator.mutate(seeds.randomElement(using: &generator) ?? [])
      do {
        let document = try JSONDocument(bytes, limits: limits)
        accepted += 1
        var values = 0
        walk(document.root, &values)
        #expect(values <= limits.values && document.bytes == bytes, "\(generator)")
      } catch {
        guard (0...bytes.count).contains(error.offset) else {
          Issue.record("offset \(error.offset) of \(bytes.count); \(generator)")
          return
        }
      }
    }
    #expect(accepted > 1000, "\(generator)")
  }

  private func walk(_ value: JSONValue, _ count: inout Int) {
    count += 1
    _ = (value.asString, value.asInt64, value.asDouble, value.summary)
    for (name, member) in value.members {
      guard value[name] != nil else {
        Issue.record("a name is not found")
        return
      }
      walk(member, &count)
    }
    for element in value.elements { walk(element, &count) }
  }

  @Test("random bytes never crash the scanner")
  func noise() {
    var generator = SeededGenerator()
    for _ in 0..<20_000 {
      let bytes = generator.bytes(Int.random(in: 0...24, using: &generator))
      let noise = Array(#"{"a":"#.utf8) + bytes
      for candidate in [bytes, noise] {
        do {
          _ = try JSONDocument(candidate)
        } catch {
          #expect((0...candidate.count).contains(error.offset), "\(generator)")
        }
      }
    }
  }

  @Test("a random value that is written reads back the same, and again in the same bytes")
  func roundTrip() throws {
    var generator = SeededGenerator()
    for _ in 0..<5_000 {
      let tree = Tree.random(depth: 4, using: &generator)
      var writer = JSONWriter()
      tree.write(to: &writer)
      let root = try JSONDocument(writer.bytes).root
      #expect(Tree(root) == tree, "\(generator)")
      var again = JSONWriter()
      Tree(root).write(to: &again)
      #expect(again.bytes == writer.bytes, "\(generator)")
    }
  }
}

/// A value in memory, to compare with.
private indirect enum Tree: Equatable {
  case object([(String, Tree)])
  case array([Tree])
  case string(String)
  case integer(Int64)
  case double(Double)
  case bool(Bool)
  case null

  static func == (a: Tree, b: Tree) -> Bool {
    switch (a, b) {
    case (.object(let x), .object(let y)): x.elementsEqual(y) { Array($0.0.utf8) == Array($1.0.utf8) && $0.1 == $1.1 }
    case (.array(let x), .array(let y)): x == y
    case (.string(let x), .string(let y)): Array(x.utf8) == Array(y.utf8)
    case (.integer(let x), .integer(let y)): x == y
    case (.double(let x), .double(let y)): x.bitPattern == y.bitPattern
    case (.bool(let x), .bool(let y)): x == y
    case (.null, .null): true
    default: false
    }
  }

  static func random(depth: Int, using generator: inout SeededGenerator) -> Tree {
    switch Int.random(in: depth > 0 ? 0...6 : 2...6, using: &generator) {
    case 0:
      let names = Set((0..<Int.random(in: 0...20, using: &generator)).map { _ in Array(text(&generator).utf8) })
      return .object(
        names.sorted { $0.lexicographicallyPrecedes($1) }
          .map { (String(decoding: $0, as: UTF8.self), random(depth: depth - 1, using: &generator)) })
    case 1:
      return .array(
        (0..<Int.random(in: 0...5, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
    case 2: return .string(text(&generator))
    case 3: return .integer(Int64(bitPattern: generator.next()) >> Int.random(in: 0...63, using: &generator))
    case 4:
      let double = Double(bitPattern: generator.next())
      // A double without fraction is written as "1.0", so that it stays one.
      return .double(double.isFinite ? double : 0.5)
    case 5: return .bool(Bool.random(using: &generator))
    default: return .null
    }
  }

  private static func text(_ generator: inout SeededGenerator) -> String {
    let alphabet: [Unicode.Scalar] = [
      "a", "b", "\"", "\\", "/", "\n", "\0", "\u{1F}", "\u{7F}", "é", "€", "😀", "\u{301}",
    ]
    var result = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      result.append(alphabet.randomElement(using: &generator) ?? "a")
    }
    return String(result)
  }

  init(_ value: JSONValue) {
    switch value.kind {
    case .object: self = .object(value.members.map { ($0.name, Tree($0.value)) })
    case .array: self = .array(value.elements.map(Tree.init))
    case .string: self = .string(value.asString ?? "")
    case .number: self = value.asInt64.map(Tree.integer) ?? .double(value.asDouble ?? .nan)
    case .boolean: self = .bool(value.asBool ?? false)
    case .null: self = .null
    }
  }

  func write(to writer: inout JSONWriter) {
    switch self {
    case .object(let members):
      writer.object { writer in
        for (name, tree) in members {
          writer.key(name)
          tree.write(to: &writer)
        }
      }
    case .array(let elements): writer.array { writer in for element in elements { element.write(to: &writer) } }
    case .string(let text): writer.string(text)
    case .integer(let value): writer.int(value)
    case .double(let value): writer.double(value)
    case .bool(let value): writer.bool(value)
    case .null: writer.null()
    }
  }
}
