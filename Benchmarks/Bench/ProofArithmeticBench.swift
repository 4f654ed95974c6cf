import JSONWire
import Proofs

/// The pieces that proofs are made of, by themselves and by size.
enum ProofArithmeticBench {
  static func run(_ arguments: Arguments) throws {
    let rounds = try arguments.int("rounds", default: 3)
    let seconds = try arguments.seconds("seconds", default: 0.3)
    var poseidon: [Double] = []
    var state = Fr(1)
    for _ in 0..<rounds {
      let hashes = Stopwatch.perCPUSecond(for: seconds) {
        for _ in 0..<64 { state = Poseidon.hash(state, Fr(2)) }
        return 64
      }
      poseidon.append(1e6 / hashes)
    }
    let sums = try measure([8, 10, 12, 14], rounds, seconds, prepare: terms) { terms, _ in
      guard !(try G1Point.sum(terms.points, times: terms.scalars)).isInfinity else { throw BenchError("a sum of 0") }
    }
    let transforms = try measure(
      [9, 12, 13, 16], rounds, seconds,
      prepare: { size in (try EvaluationDomain(logarithm: size), scalars(1 << size)) },
      work: { subject, values in
        if values.isEmpty { values = subject.1 }
        subject.0.evaluate(&values)
      })
    Report.write { report in
      report.field("poseidon_us", poseidon)
      for (name, figures) in [("sum", sums), ("transform", transforms)] {
        report.object(name) { object in
          for figure in figures { object.field("\(figure.size)", figure.milliseconds) }
        }
      }
    }
  }

  /// Milliseconds an operation by the size's logarithm; `work` may keep numbers from one operation to the next.
  private static func measure<Subject>(
    _ sizes: [Int], _ rounds: Int, _ seconds: Double, prepare: (Int) throws -> Subject,
    work: (Subject, inout [Fr]) throws -> Void
  ) throws -> [(size: Int, milliseconds: [Double])] {
    try sizes.map { size in
      let subject = try prepare(size)
      var values: [Fr] = []
      try work(subject, &values)
      let milliseconds = try (0..<rounds).map { _ in
        try 1e3
          / Stopwatch.perCPUSecond(for: seconds) {
            try work(subject, &values)
            return 1
          }
      }
      return (size, milliseconds)
    }
  }

  private static func terms(_ size: Int) throws -> (points: [G1Point], scalars: [Fr]) {
    let scalars = scalars(1 << size)
    return (G1Point.multiples(ofGeneratorBy: scalars), scalars.reversed())
  }

  /// Numbers of full length, the same in each run.
  private static func scalars(_ count: Int) -> [Fr] {
    var state: Fr = 3
    return (0..<count).map { _ in
      state = state * state + 5
      return state
    }
  }
}
