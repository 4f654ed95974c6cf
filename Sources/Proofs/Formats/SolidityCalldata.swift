/// A proof and its public signals as a Solidity verifier takes them: the arguments of `verifyProof` in the text form that snarkjs prints.
///
/// Coordinates are 32 bytes in hexadecimal; those of B have the factor of u first, as EIP-197 wants them.
public enum SolidityCalldata {
  /// `["0x..","0x.."],[["0x..","0x.."],["0x..","0x.."]],["0x..","0x.."],["0x..", ...]`.
  public static func text(_ proof: Proof, publicSignals: [Fr]) -> String {
    let b = [list([proof.b.x.c1, proof.b.x.c0]), list([proof.b.y.c1, proof.b.y.c0])]
    return [
      list([proof.a.x, proof.a.y]), "[" + b.joined(separator: ",") + "]", list([proof.c.x, proof.c.y]),
      list(publicSignals),
    ].joined(separator: ",")
  }

  private static func list<P: PrimeParameters>(_ numbers: [Mont<P>]) -> String {
    "[" + numbers.map { "\"0x" + hexadecimal($0.bigEndianBytes) + "\"" }.joined(separator: ",") + "]"
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
