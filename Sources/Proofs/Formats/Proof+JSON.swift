public import JSONWire

extension Proof {
  /// Reads what snarkjs calls `proof.json`: `{pi_a, pi_b, pi_c, protocol, curve}`, nothing more and nothing less.
  ///
  /// The coordinates are canonical numbers; whether they are points of the groups is for `Verifier` to say.
  /// - Throws: `malformedDocument` with everything that is wrong.
  public init(json value: JSONValue) throws(ProofsError) {
    self = try SnarkJSON.read(value) { fields in
      let a = SnarkJSON.g1(fields.value("pi_a"), &fields)
      let b = SnarkJSON.g2(fields.value("pi_b"), &fields)
      let c = SnarkJSON.g1(fields.value("pi_c"), &fields)
      SnarkJSON.checkProtocol(&fields)
      return Proof(a: a, b: b, c: c)
    }
  }

  /// Writes the same text.
  ///
  /// - Precondition: no point is infinity, which this form cannot say.
  public func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.key("pi_a")
      SnarkJSON.write(a, to: &writer)
      writer.key("pi_b")
      SnarkJSON.write(b, to: &writer)
      writer.key("pi_c")
      SnarkJSON.write(c, to: &writer)
      SnarkJSON.writeProtocol(to: &writer)
    }
  }
}

/// The public signals of a statement as snarkjs writes them: an array of decimal strings.
public enum PublicSignals {
  /// Reads up to 4,096 signals.
  ///
  /// - Throws: `malformedDocument`; a number that is not below r is refused, as it would be another text of a smaller one.
  public static func read(_ value: JSONValue) throws(ProofsError) -> [Fr] {
    guard value.kind == .array else { throw .malformedDocument("expected an array, not \(value.summary)") }
    guard value.count <= VerifyingKey.maximumPublicCount else { throw .tooManyPublicSignals(value.count) }
    var signals: [Fr] = []
    for (index, element) in value.elements.enumerated() {
      guard let digits = element.asStringBytes else {
        throw .malformedDocument("/\(index): expected a decimal number as a string, not \(element.summary)")
      }
      do throws(ProofsError) {
        signals.append(try Fr(decimal: digits.span))
      } catch {
        throw .malformedDocument("/\(index): \(error)")
      }
    }
    return signals
  }

  /// Writes the array.
  public static func write(_ signals: [Fr], to writer: inout JSONWriter) {
    writer.array { writer in
      for signal in signals { writer.string(signal.decimal) }
    }
  }
}
