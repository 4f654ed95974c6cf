import JSONWire
import Jobs
import Service
import TestSupport
import Testing

@testable import Proofs
@testable import Worker

/// The smallest circuit that is one: z = x y and w = z z, with z public, so that proofs are quick in debug builds.
enum SmallCircuit {
  /// Wires: 1, z, x, y, w.
  static let system: ConstraintSystem = {
    func row(_ wire: Int32) -> [SparseMatrix.Entry] { [.init(wire: wire, coefficient: 1)] }
    var (left, right, output) = (SparseMatrix(), SparseMatrix(), SparseMatrix())
    for (a, b, c) in [(2, 3, 1), (1, 1, 4)] as [(Int32, Int32, Int32)] {
      left.append(row(a))
      right.append(row(b))
      output.append(row(c))
    }
    return ConstraintSystem(wireCount: 5, outputCount: 1, publicCount: 1, left: left, right: right, output: output)
  }()

  static func witness(_ x: UInt64, _ y: UInt64) -> [Fr] {
    let (x, y) = (Fr(x), Fr(y))
    return [1, x * y, x, y, x * y * (x * y)]
  }

  static let key: Result<ProvingKey, ProofsError> = Result { () throws(ProofsError) in
    try DevelopmentSetup.provingKey(for: system, named: "small")
  }

  static func kit() throws -> ProvingKit {
    try ProvingKit(try key.get(), name: "small", origin: .insecureDevelopment)
  }

  static func task(
    _ witness: [Fr], conclusion: ProofTask.Conclusion? = .count(7), isForeign: Bool = false
  ) -> ProofTask {
    ProofTask(
      circuit: "small", metricLabel: "small", witness: witness, conclusion: conclusion, isForeign: isForeign)
  }
}

/// A maker with metrics and a cache of its own.
struct MakerBed {
  let registry = MetricsRegistry()
  let metrics: ProofMetrics
  var maker: ProofMaker

  init(slots: Int = 1) throws {
    metrics = ProofMetrics(on: registry, circuits: ["small"])
    maker = ProofMaker(metrics: metrics, cache: try ProofCache(), load: SlotLoad(slots: slots))
  }

  func result(_ task: ProofTask, _ context: JobContext = JobContext()) throws -> [UInt8] {
    var progress = ProvingProgress(context, durations: metrics.durations, label: task.metricLabel)
    return try maker.result(of: task, with: try SmallCircuit.kit(), &progress, context)
  }

  var text: String { String(decoding: registry.exposition(), as: UTF8.self) }
}
