import Proofs
import Service

/// `worker export-circuits FOLDER`: writes the circuits for those who make their keys.
enum CircuitExport {
  static let operands = "[export-circuits FOLDER]"

  /// Writes `<circuit>.r1cs` for each circuit into the folder that is named after the word.
  static func run(_ operands: [String]) -> ProgramEnd {
    guard operands.count == 2, operands[0] == "export-circuits" else {
      return ProgramEnd(.usage, errors: "worker: expected no words after the flags, or export-circuits FOLDER\n")
    }
    var output = ""
    for circuit in CircuitLibrary.all {
      let system = circuit.system()
      let path = "\(operands[1])/\(circuit.name).r1cs"
      do {
        try FileBytes.replace(path, with: ConstraintFile.bytes(system))
      } catch {
        return ProgramEnd(.failure, output: output, errors: "worker: \(path) cannot be written: \(error)\n")
      }
      output += "\(path)  \(system.constraintCount) constraints\n"
    }
    return ProgramEnd(.success, output: output)
  }
}
