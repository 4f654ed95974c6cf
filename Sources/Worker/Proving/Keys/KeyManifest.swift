import Jobs
import JSONWire
import Sealing

/// `manifest.json` of PROOF_KEYS_DIR: which key files may be used. A file that is not in it, or has other bytes, is not.
struct KeyManifest: Sendable, Equatable {
  /// One key file.
  struct Pin: Sendable, Equatable {
    /// The circuit's name; the file is `<name>.zkey`.
    let name: String
    /// Lower-case hex SHA-256 of the file.
    let sha256: String
    let origin: KeyOrigin

    var file: String { "\(name).zkey" }
  }

  static let file = "manifest.json"
  static let mostKeys = 1000

  /// The keys by name.
  private(set) var pins: [String: Pin] = [:]

  /// An empty one.
  init() {}

  subscript(_ name: String) -> Pin? { pins[name] }

  /// Adds a key, in place of one of its name.
  mutating func put(_ pin: Pin) { pins[pin.name] = pin }

  /// Whether `text` can name a key: 1 to 64 of `A-Z a-z 0-9 _ -`, so that no path can be made of it.
  static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
      }
  }

  /// Reads `{"version":1,"keys":[{"name","sha256","origin"}]}` strictly.
  init(_ bytes: [UInt8]) throws(KeyError) {
    let problems: JSONProblems
    do {
      let document = try JSONDocument(bytes)
      var fields = JSONFieldReader(document.root)
      _ = fields.int("version", in: 1...1)
      for value in fields.array("keys", count: 0...Self.mostKeys) {
        guard let pin = fields.nested(value, { Self.pin(&$0) }).flatMap({ $0 }) else { continue }
        if pins[pin.name] != nil { fields.reject(value, "a second key of this name") }
        put(pin)
      }
      try fields.finish()
      return
    } catch let error as JSONProblems {
      problems = error
    } catch {
      throw .manifest("it is not valid JSON")
    }
    throw .manifest(problems.description)
  }

  private static func pin(_ fields: inout JSONFieldReader) -> Pin? {
    let name = fields.string("name", length: 1...64)
    let sha256 = fields.string("sha256", length: 64...64)
    let origin = KeyOrigin(rawValue: fields.oneOf("origin", KeyOrigin.allCases.map(\.rawValue)))
    if !isName(name) { fields.reject("name", "expected 1 to 64 of A-Z a-z 0-9 _ -") }
    let isHex = sha256.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    if !isHex { fields.reject("sha256", "expected 64 lower-case hex digits") }
    return origin.map { Pin(name: name, sha256: sha256, origin: $0) }
  }

  /// The manifest as it is written, a key a line, by name.
  var json: [UInt8] {
    var writer = JSONWriter(capacity: 256 * (pins.count + 1))
    writer.object { writer in
      writer.field("version", 1)
      writer.array("keys") { writer in
        for (_, pin) in pins.sorted(by: { $0.key < $1.key }) {
          writer.object { writer in
            writer.field("name", pin.name)
            writer.field("sha256", pin.sha256)
            writer.field("origin", pin.origin.rawValue)
          }
        }
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}
