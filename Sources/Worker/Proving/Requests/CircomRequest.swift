import JSONWire
import Proofs
import Sealing

/// `proof.circom {key, witness | wtns}`: a proof by a key that the operator brought, of a witness that the caller computed.
struct CircomRequest: Sendable, Equatable {
  /// A witness in one of its forms.
  enum Witness: Sendable, Equatable {
    /// All wires, the constant 1 first.
    case wires([Fr])
    /// The bytes of a `.wtns` file.
    case file([UInt8])
  }

  /// Wires of a witness: what fits into the longest payload.
  static let mostWires = 1 << 22

  var key: String
  var witness: Witness

  init(_ fields: inout JSONFieldReader) {
    key = fields.string("key", length: 1...64)
    if !key.isEmpty, !KeyManifest.isName(key) { fields.reject("key", "expected A-Z a-z 0-9 _ -") }
    switch (fields.has("witness"), fields.has("wtns")) {
    case (true, false):
      witness = .wires(fields.fieldElements("witness", count: 1...Self.mostWires))
    case (false, true):
      witness = .file(Self.base64(&fields))
    case (true, true):
      _ = (fields.field("witness"), fields.field("wtns"))
      fields.reject("wtns", "expected witness or wtns, not both")
      witness = .wires([])
    case (false, false):
      fields.reject("witness", "missing; expected witness or wtns")
      _ = (fields.field("witness"), fields.field("wtns"))
      witness = .wires([])
    }
  }

  private static func base64(_ fields: inout JSONFieldReader) -> [UInt8] {
    let value = fields.value("wtns")
    guard let text = value.asStringBytes else {
      fields.mismatch(value, expected: "the bytes of a .wtns file in base64")
      return []
    }
    do {
      return try Base64.decode(text)
    } catch {
      fields.reject(value, "no base64: \(error.description)")
      return []
    }
  }
}
