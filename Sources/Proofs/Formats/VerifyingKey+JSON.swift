public import JSONWire

extension VerifyingKey {
  /// Reads what snarkjs calls `verification_key.json` and checks every point.
  ///
  /// `vk_alphabeta_12` may be there and is not used: it follows from the others.
  /// - Throws: `malformedDocument` with everything that is wrong, `tooManyPublicSignals`, `invalidPoint`.
  public init(json value: JSONValue) throws(ProofsError) {
    let parts = try SnarkJSON.read(value) { fields in
      SnarkJSON.checkProtocol(&fields)
      let count = fields.int("nPublic", in: 0...Self.maximumPublicCount)
      let alpha = SnarkJSON.g1(fields.value("vk_alpha_1"), &fields)
      let beta = SnarkJSON.g2(fields.value("vk_beta_2"), &fields)
      let gamma = SnarkJSON.g2(fields.value("vk_gamma_2"), &fields)
      let delta = SnarkJSON.g2(fields.value("vk_delta_2"), &fields)
      _ = fields.field("vk_alphabeta_12")
      let inputs = fields.array("IC", count: (count + 1)...(count + 1)).map { SnarkJSON.g1($0, &fields) }
      return (alpha, beta, gamma, delta, inputs)
    }
    try self.init(alpha: parts.0, beta: parts.1, gamma: parts.2, delta: parts.3, inputs: parts.4)
  }

  /// The same text without `vk_alphabeta_12`; the same bytes for the same key.
  public var json: [UInt8] {
    var writer = JSONWriter(capacity: 2048 + 200 * inputs.count)
    writer.object { writer in
      SnarkJSON.writeProtocol(to: &writer)
      writer.field("nPublic", publicCount)
      writer.key("vk_alpha_1")
      SnarkJSON.write(alpha, to: &writer)
      writer.key("vk_beta_2")
      SnarkJSON.write(beta, to: &writer)
      writer.key("vk_gamma_2")
      SnarkJSON.write(gamma, to: &writer)
      writer.key("vk_delta_2")
      SnarkJSON.write(delta, to: &writer)
      writer.array("IC") { writer in
        for input in inputs { SnarkJSON.write(input, to: &writer) }
      }
    }
    return writer.bytes
  }
}
