import JSONWire
import Proofs
import Sealing

/// Microseconds of the two pieces of arithmetic that every memory job does several times.
enum CryptoBench {
  static func run(_ arguments: Arguments) throws {
    let rounds = try arguments.int("rounds", default: 3)
    let seconds = try arguments.seconds("seconds", default: 0.3)
    let master = try SecretBytes.random()
    let text = [UInt8](repeating: UInt8(ascii: "t"), count: 200)
    let belongs = AssociatedData("test.01JZ5R3YH8Q1V7WKZ4C9M2XTBD", "memory.store")
    var poseidon: [Double] = []
    var seals: [Double] = []
    var state = Fr(1)
    for round in 0...rounds {
      let hashes = Stopwatch.perCPUSecond(for: seconds) {
        for _ in 0..<64 { state = Poseidon.hash(state, Fr(2)) }
        return 64
      }
      let opened = try Stopwatch.perCPUSecond(for: seconds) {
        for _ in 0..<16 {
          let sealed = try SealedText.seal(text, master: master, info: "bench v1", associatedData: belongs)
          let plain = try SealedText.open(sealed, master: master, info: "bench v1", associatedData: belongs)
          guard plain == text else { throw BenchError("a seal opened to something else") }
        }
        return 16
      }
      if round == 0 { continue }
      poseidon.append(1e6 / hashes)
      seals.append(1e6 / opened)
    }
    guard state != Fr(0) else { throw BenchError("a chain of hashes ended in zero") }
    Report.write { report in
      report.field("poseidon_us", poseidon)
      report.field("seal_us", seals)
    }
  }
}
