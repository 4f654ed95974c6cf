/// What py_ecc and groth16py say about Groth16 proofs; keys, proofs and signals are texts as snarkjs writes them.
public enum ProofOracle {
  /// What one of them says.
  public enum Verdict: String, Sendable {
    /// The proof proves the statement.
    case accepted
    /// Well-formed, but the equation fails.
    case rejected
    /// A number or a point that is not one of its field or group.
    case refused
  }

  /// What both say about one proof.
  public struct Opinion: Sendable, Equatable, CustomStringConvertible {
    /// py_ecc, Ethereum's reference in Python.
    public let pyECC: Verdict
    /// groth16py, which is arkworks.
    public let groth16py: Verdict

    /// Both say the same.
    public static func both(_ verdict: Verdict) -> Self { Self(pyECC: verdict, groth16py: verdict) }

    /// Both verdicts.
    public var description: String { "py_ecc \(pyECC), groth16py \(groth16py)" }
  }

  /// A proof and its public signals.
  public struct Claim: Sendable {
    let proof: String
    let signals: String

    /// From both texts.
    public init(proof: String, signals: String) {
      self.proof = proof
      self.signals = signals
    }
  }

  /// A proof that groth16py made, and the key that verifies it.
  public struct Made: Sendable {
    /// `verification_key.json`.
    public let key: String
    /// `proof.json`.
    public let proof: String
    /// The whole answer.
    public let answer: JSONTree
  }

  /// What a proving key's file holds.
  public enum KeyFile: String, Sendable {
    /// Constraints alone, which groth16py sets up.
    case r1cs
    /// A proving key.
    case zkey
  }

  /// Asks about claims under one key, in their order.
  public static func opinions(key: String, _ claims: [Claim]) async throws -> [Opinion] {
    let cases = claims.map { #"{"proof":\#($0.proof),"signals":\#($0.signals)}"# }.joined(separator: ",")
    let answer = try await ask(#"{"do":"verify","key":\#(key),"cases":[\#(cases)]}"#)
    let opinions = try answer["verdicts"].elements.map {
      Opinion(pyECC: try verdict($0["py_ecc"]), groth16py: try verdict($0["groth16py"]))
    }
    guard opinions.count == claims.count else { throw SupportError("\(claims.count) claims, but \(answer)") }
    return opinions
  }

  /// Lets groth16py prove with a key or constraints and a witness, both in files.
  public static func prove(_ kind: KeyFile, at path: String, witness: String) async throws -> Made {
    try await made(ask(#"{"do":"prove","\#(kind)":"\#(path)","wtns":"\#(witness)"}"#))
  }

  /// Lets groth16py compile a circom circuit, set it up and prove; see `groth16_oracle.py`.
  ///
  /// - Parameters:
  ///   - inputs: a JSON object of the circuit's inputs, in the order of their declaration, public ones first.
  ///   - writingFiles: whether `zkey` and `wtns` are wanted, which takes the constraints to give the witness.
  public static func circom(
    _ source: String, inputs: String, signals: [String], outputs: Int, in folder: TemporaryFolder, writingFiles: Bool
  ) async throws -> Made {
    let signals = signals.map { "\"\($0)\"" }.joined(separator: ",")
    let text = source.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return try await made(
      ask(
        #"{"do":"circom","source":"\#(text)","folder":"\#(folder.path)","inputs":\#(inputs),"signals":[\#(signals)],"#
          + #""outputs":\#(outputs),"files":\#(writingFiles)}"#))
  }

  private static func ask(_ request: String) async throws -> JSONTree {
    let lines = try await Oracles.run("groth16_oracle", lines: [request])
    guard lines.count == 1 else { throw SupportError("expected one answer, not \(lines)") }
    return try JSONTree(lines[0])
  }

  private static func made(_ answer: JSONTree) throws(SupportError) -> Made {
    guard let key = answer["key"].string, let proof = answer["proof"].string else {
      throw SupportError("no key and proof: \(answer)")
    }
    return Made(key: key, proof: proof, answer: answer)
  }

  private static func verdict(_ value: JSONTree) throws(SupportError) -> Verdict {
    switch value {
    case .bool(true): .accepted
    case .bool(false): .rejected
    case .string("refused"): .refused
    default: throw SupportError("no verdict: \(value)")
    }
  }
}
