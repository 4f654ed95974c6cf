internal import JSONWire

/// One proof circuit as workers publish it: who wants to check a proof finds here what to check it with.
public struct CircuitEntry: Sendable, Equatable {
  /// The circuit's name: 1 to 64 of `a-z 0-9 _`, a letter first.
  public let name: String
  /// Lower-case hex SHA-256 of `verificationKey`.
  public let keyID: String
  /// Where the keys come from: `insecure-dev` or `ceremony`.
  public let origin: String
  /// What the public signals say, in their order.
  public let publicSignals: [String]
  /// How many constraints the circuit has.
  public let constraints: Int
  /// The verification key, a JSON text whose bytes are never changed, as `keyID` is theirs.
  public let verificationKey: [UInt8]

  /// The longest entry that is read, in bytes.
  public static let longestBytes = 1 << 20

  /// Takes an entry as a worker makes it.
  public init(
    name: String, keyID: String, origin: String, publicSignals: [String], constraints: Int, verificationKey: [UInt8]
  ) {
    self.name = name
    self.keyID = keyID
    self.origin = origin
    self.publicSignals = publicSignals
    self.constraints = constraints
    self.verificationKey = verificationKey
  }

  /// Whether `text` has the form of a circuit's name.
  public static func isName(_ text: String) -> Bool {
    guard (1...64).contains(text.utf8.count), let first = text.utf8.first, (0x61...0x7A).contains(first) else {
      return false
    }
    return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
  }

  /// The entry as it lies in Redis: `{name, key_id, origin, public_signals, constraints, verification_key}`.
  public var json: [UInt8] {
    var writer = JSONWriter(capacity: verificationKey.count + 512)
    writer.object { writer in
      writer.field("name", name)
      writer.field("key_id", keyID)
      writer.field("origin", origin)
      writer.field("public_signals", publicSignals)
      writer.field("constraints", constraints)
      writer.field("verification_key", raw: verificationKey)
    }
    return writer.bytes
  }

  /// Reads `json` of this version or a later one, whose further fields are passed over; nil when it is none.
  public init?(json: [UInt8]) {
    do {
      let root = try JSONDocument(json, limits: JSONLimits(depth: 8, bytes: Self.longestBytes, values: 65_536)).root
      guard let name = root["name"]?.asString, Self.isName(name), let keyID = root["key_id"]?.asString,
        let origin = root["origin"]?.asString, let signals = root["public_signals"], signals.kind == .array,
        let constraints = root["constraints"]?.asInt64, constraints >= 0,
        let key = root["verification_key"], key.kind == .object
      else { return nil }
      self.init(
        name: name, keyID: keyID, origin: origin, publicSignals: signals.elements.compactMap(\.asString),
        constraints: Int(constraints), verificationKey: key.rawBytes)
    } catch {
      return nil
    }
  }
}
