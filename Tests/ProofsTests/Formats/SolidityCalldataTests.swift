import Testing

@testable import Proofs

@Suite("Solidity calldata") struct SolidityCalldataTests {
  /// The generator of G2 as EIP-197 prints it: the factor of u first.
  private static let g2 = [
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2",
    "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed",
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b",
    "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa",
  ]

  @Test func generators() {
    let one = String(repeating: "0", count: 63) + "1"
    let two = String(repeating: "0", count: 63) + "2"
    let text = SolidityCalldata.text(
      Proof(a: .generator, b: .generator, c: -G1Point.generator), publicSignals: [255, -.one])
    let minusTwo = "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45"
    #expect(
      text
        == "[\"0x\(one)\",\"0x\(two)\"],[[\"0x\(Self.g2[0])\",\"0x\(Self.g2[1])\"],[\"0x\(Self.g2[2])\",\"0x\(Self.g2[3])\"]],"
        + "[\"0x\(one)\",\"0x\(minusTwo)\"],[\"0x\(String(repeating: "0", count: 62))ff\","
        + "\"0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000000\"]")
  }

  @Test func noSignals() {
    #expect(
      SolidityCalldata.text(Proof(a: .generator, b: .generator, c: .generator), publicSignals: []).hasSuffix(",[]"))
  }
}
