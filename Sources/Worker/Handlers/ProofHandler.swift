import Proofs
import Service

/// The proof kinds over the program's own circuits: reads the payload, computes the witness, proves.
struct ProofHandler: JobHandler {
  let maker: ProofMaker
  let keys: KeyRoom
  /// Reads a payload and finds what it names.
  let statement: @Sendable (Job) async throws(JobFailure) -> ProofStatement

  func run(_ job: Job, _ context: JobContext) async throws(JobFailure) -> [UInt8] {
    do throws(JobFailure) {
      let statement = try await statement(job)
      var progress = ProvingProgress(context, durations: maker.metrics.durations, label: statement.circuit)
      progress.begin(.witness)
      let task: ProofTask
      do {
        task = try statement.task()
      } catch {
        throw JobFailure(error)
      }
      progress.end()
      let kit: ProvingKit
      do {
        kit = try keys.kit(statement.circuit)
      } catch {
        // The payload is not at fault: another worker, or this one after a repair, may have the key.
        throw JobFailure.retryable(code: error.code, error.description)
      }
      return try maker.result(of: task, with: kit, &progress, context)
    } catch {
      throw maker.failed(error, context)
    }
  }
}

extension ProofMaker {
  /// Counts a failure; in a job that must stop every failure is the stop.
  func failed(_ failure: JobFailure, _ context: JobContext) -> JobFailure {
    if context.shouldStop || failure == .stopped { return .stopped }
    metrics.errors.increment()
    return failure
  }
}
