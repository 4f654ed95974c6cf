/// Where a proving key comes from: who made it could forge proofs unless nobody of them kept the secrets.
enum KeyOrigin: String, Sendable, CaseIterable {
  /// From the built-in setup, whose secrets follow from the circuit's name: anybody can forge.
  case insecureDevelopment = "insecure-dev"
  /// From a ceremony of several parties, brought by the operator.
  case ceremony
}
