/// One kind of job: which handler runs it, and how its content is kept.
public struct Kind: Sendable, Hashable {
  /// The name.
  public let name: KindName
  /// Whether payload and result lie sealed in Redis, because they hold private content.
  public let isSealed: Bool
  /// Whether it exists only with `TEST_KINDS=true`.
  public let isTestOnly: Bool
}

/// The closed table of kinds: the only place that says which are sealed.
public struct Kinds: Sendable {
  /// The kinds in the order of the documentation.
  public let all: [Kind]
  private let byName: [KindName: Kind]

  /// The table, with or without the kinds that exist for tests alone.
  public init(testKinds: Bool = false) {
    all = Self.table.filter { testKinds || !$0.isTestOnly }
    byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The kind of this name, or nil when this program does not know it.
  public subscript(_ name: KindName) -> Kind? { byName[name] }

  /// Whether `content` may name a sealed kind anywhere, so that what cannot be read as a job may still be private. An
  /// escaped ASCII character may stand for a part of a name.
  ///
  /// - Complexity: O(bytes × sealed kinds); for the rare element that cannot be read.
  public static func mentionsSealedKind(_ content: [UInt8]) -> Bool {
    (sealedNames + [Array(#"\u00"#.utf8)]).contains { name in
      guard content.count >= name.count else { return false }
      return (0...(content.count - name.count)).contains { start in
        content[start] == name[0] && content[start..<(start + name.count)].elementsEqual(name)
      }
    }
  }

  private static let sealedNames = table.filter(\.isSealed).map { Array($0.name.text.utf8) }

  private static let table: [Kind] = [
    sealed("memory.store"), sealed("memory.recall"), sealed("memory.verify"), sealed("memory.forget"),
    sealed("memory.search"), sealed("memory.rotate"), sealed("memory.export"), sealed("memory.import"),
    open("proof.inclusion"), sealed("proof.policy"), sealed("proof.membership"), sealed("proof.deletion"),
    sealed("proof.access_history"), sealed("proof.compliance"), sealed("proof.circom"),
    open("proof.verify"), open("proof.anchor"),
    test("test.noop"), test("test.sleep"), test("test.spin"), test("test.fail"), test("test.crash"),
  ]

  private static func sealed(_ name: StaticString) -> Kind {
    Kind(name: KindName(known: name), isSealed: true, isTestOnly: false)
  }

  private static func open(_ name: StaticString) -> Kind {
    Kind(name: KindName(known: name), isSealed: false, isTestOnly: false)
  }

  private static func test(_ name: StaticString) -> Kind {
    Kind(name: KindName(known: name), isSealed: false, isTestOnly: true)
  }
}
