import Proofs

/// `proof.circom {key, witness | wtns}`: proves a witness of the caller by a key of the operator.
struct CircomHandler: JobHandler {
  let maker: ProofMaker
  let keys: ForeignKeys

  func run(_ job: Job, _ context: JobContext) throws(JobFailure) -> [UInt8] {
    do throws(JobFailure) {
      let request = try job.fields { CircomRequest(&$0) }
      var progress = ProvingProgress(
        context, durations: maker.metrics.durations, label: ProofMetrics.foreignCircuit)
      progress.begin(.witness)
      let witness: [Fr]
      switch request.witness {
      case .wires(let wires): witness = wires
      case .file(let bytes):
        do { witness = try WitnessFile.read(bytes) } catch { throw JobFailure(error) }
      }
      let kit = try kit(request.key, context)
      progress.end()
      let task = ProofTask(
        circuit: request.key, metricLabel: ProofMetrics.foreignCircuit, witness: witness, conclusion: nil,
        isForeign: true)
      return try maker.result(of: task, with: kit, &progress, context)
    } catch {
      throw maker.failed(error, context)
    }
  }

  private func kit(_ name: String, _ context: JobContext) throws(JobFailure) -> ProvingKit {
    do {
      return try keys.kit(name, shouldStop: { context.shouldStop })
    } catch {
      switch error {
      case .unusable(_, .stopped): throw .stopped
      // A file that is away or a library that fails may be there the next time.
      case .file, .manifest, .sealing: throw .retryable(code: error.code, error.withoutName)
      case .notPinned, .altered, .unusable, .wrongCircuit, .insecure:
        throw .permanent(code: error.code, error.withoutName)
      }
    }
  }
}
