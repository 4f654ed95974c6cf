import Jobs
import JSONWire
import Sealing
import Service
import TestSupport
import Testing
import Transport

@testable import Proofs
@testable import Worker

@Suite("A fault while proving")
struct ProofFaultTests {
  @Test("a job whose proofs come out with one bit flipped never succeeds, and publishes nothing")
  @EventLoop
  func flippedBit() async throws {
    let proving = try ProvingBed()
    var maker = proving.parts.maker
    maker.disturb = { proof in
      let bytes = proof.c.x.bigEndianBytes.enumerated().map { $0 == 20 ? $1 ^ 4 : $1 }
      guard let x = try? Fp(bigEndian: bytes) else { return proof }
      return Proof(a: proof.a, b: proof.b, c: Affine(uncheckedX: x, y: proof.c.y))
    }
    let handler = ProofHandler(maker: maker, keys: ProvingBed.room) { job async throws(JobFailure) in
      try await .policy(try job.fields { PolicyRequest(&$0) }, MemorySource(store: nil))
    }
    let seal = PayloadSeal(key: try SecretBytes.random(count: 32))
    let worker = try WorkerFixture(try RedisServer(), .init(seal: seal, handlers: ["proof.policy": handler]))
    let payload =
      #"{"witness":{"content":"71","salt":"72"},"flags":{"finance":false,"health":false,"personal":false}}"#
    var options = JobOptions()
    options.maxAttempts = 2
    let id = try await worker.enqueue("proof.policy", payload, options: options, sealedBy: seal)
    let record = try await worker.ended(id)
    #expect(record.state == .dead && record.reason == .exhausted && record.attempts == 2)
    #expect(record.error?.hasPrefix("self_check_failed: ") == true, "\(record.error ?? "")")
    #expect(record.result == nil)
    #expect(proving.parts.maker.metrics.errors.value == 2 && proving.parts.maker.metrics.generated.value == 0)
    await worker.stop()
  }
}
