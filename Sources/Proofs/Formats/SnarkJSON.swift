internal import JSONWire

/// The JSON texts of snarkjs: coordinates are decimal strings, points are projective with z = 1.
enum SnarkJSON {
  /// `["x", "y", "1"]`.
  static func g1(_ value: JSONValue, _ fields: inout JSONFieldReader) -> G1Point {
    let parts = elements(value, count: 3, &fields)
    guard parts.count == 3 else { return .infinity }
    requireOne(parts[2], &fields)
    return Affine(uncheckedX: coordinate(parts[0], &fields), y: coordinate(parts[1], &fields))
  }

  /// `[["x0", "x1"], ["y0", "y1"], ["1", "0"]]`, the part without u first.
  static func g2(_ value: JSONValue, _ fields: inout JSONFieldReader) -> G2Point {
    let parts = elements(value, count: 3, &fields)
    guard parts.count == 3 else { return .infinity }
    let z = elements(parts[2], count: 2, &fields)
    if z.count == 2, !(z[0].isString("1") && z[1].isString("0")) {
      fields.reject(parts[2], "expected [\"1\", \"0\"]: affine coordinates")
    }
    return Affine(uncheckedX: pair(parts[0], &fields), y: pair(parts[1], &fields))
  }

  /// A number of Fr as a decimal string.
  static func scalar(_ value: JSONValue, _ fields: inout JSONFieldReader) -> Fr { number(value, &fields) }

  static func write(_ point: G1Point, to writer: inout JSONWriter) {
    writer.array { writer in
      writer.string(point.x.decimal)
      writer.string(point.y.decimal)
      writer.string("1")
    }
  }

  static func write(_ point: G2Point, to writer: inout JSONWriter) {
    writer.array { writer in
      for pair in [point.x, point.y, .one] {
        writer.array { writer in
          writer.string(pair.c0.decimal)
          writer.string(pair.c1.decimal)
        }
      }
    }
  }

  /// The fields that say which proofs these are.
  static func checkProtocol(_ fields: inout JSONFieldReader) {
    _ = fields.oneOf("protocol", ["groth16"])
    _ = fields.oneOf("curve", ["bn128"])
  }

  static func writeProtocol(to writer: inout JSONWriter) {
    writer.field("protocol", "groth16")
    writer.field("curve", "bn128")
  }

  /// Reads an object strictly.
  ///
  /// - Throws: `malformedDocument` with everything that is wrong.
  static func read<R>(_ value: JSONValue, _ body: (inout JSONFieldReader) -> R) throws(ProofsError) -> R {
    var fields = JSONFieldReader(value)
    let result = body(&fields)
    do throws(JSONProblems) {
      try fields.finish()
    } catch {
      throw .malformedDocument(error.description)
    }
    return result
  }

  private static func pair(_ value: JSONValue, _ fields: inout JSONFieldReader) -> Fp2 {
    let parts = elements(value, count: 2, &fields)
    guard parts.count == 2 else { return .zero }
    return Fp2(coordinate(parts[0], &fields), coordinate(parts[1], &fields))
  }

  private static func coordinate(_ value: JSONValue, _ fields: inout JSONFieldReader) -> Fp { number(value, &fields) }

  private static func number<P: PrimeParameters>(_ value: JSONValue, _ fields: inout JSONFieldReader) -> Mont<P> {
    guard let digits = value.asStringBytes else {
      fields.mismatch(value, expected: "a decimal number as a string")
      return .zero
    }
    do throws(ProofsError) {
      return try Mont<P>(decimal: digits.span)
    } catch {
      fields.reject(value, error.description)
      return .zero
    }
  }

  private static func requireOne(_ value: JSONValue, _ fields: inout JSONFieldReader) {
    if !value.isString("1") { fields.reject(value, "expected \"1\": affine coordinates") }
  }

  private static func elements(_ value: JSONValue, count: Int, _ fields: inout JSONFieldReader) -> [JSONValue] {
    guard value.kind == .array, value.count == count else {
      fields.mismatch(value, expected: "an array of \(count)")
      return []
    }
    return Array(value.elements)
  }
}
