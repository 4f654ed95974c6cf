import JSONWire
import Jobs
import Service

/// Runs one claimed job on a slot's thread: reads it, opens it, hands it to its handler, seals the result.
struct JobRunner: Sendable {
  let reader: JobRequestReader
  let handlers: [KindName: any JobHandler]
  /// Opens and seals the content of sealed kinds; without it they fail.
  let seal: PayloadSeal?

  /// Runs the job to one of its ends; nothing is thrown, everything has an end.
  ///
  /// - Parameter onTimeout: called when a raw element turns out to ask for a time limit of its own.
  func run(_ claimed: ClaimedJob, _ context: JobContext, onTimeout: (Int64) -> Void) async -> Completion {
    let content: JobContent
    do {
      content = try claimed.record.content(reader)
    } catch {
      return Completion(end: .unusable(error))
    }
    var completion = Completion(end: .unknownKind)
    completion.kind = content.kind
    completion.adoption = content.adoption
    completion.options = content.options
    // A raw element may ask for a later start; whoever reads it first sends it there, once.
    if content.start != .now && claimed.record.kind == nil {
      completion.end = .early(content.start)
      return completion
    }
    guard let handler = handlers[content.kind] else { return completion }
    if content.isAdopted, let timeout = content.options.timeoutMs { onTimeout(timeout) }
    completion.end = await end(of: claimed, content, handler, context)
    return completion
  }

  private func end(
    of claimed: ClaimedJob, _ content: JobContent, _ handler: any JobHandler, _ context: JobContext
  ) async -> Completion.End {
    let payload: [UInt8]
    do {
      payload = try open(content, id: claimed.id)
    } catch {
      return .failed(.permanent(code: error.code, error.description))
    }
    let job = Job(
      id: claimed.id, kind: content.kind, payload: payload, attempt: claimed.record.attempts + 1,
      isSealed: content.isSealed)
    do throws(JobFailure) {
      let result = try await handler.run(job, context)
      return try .success(sealed(result, content, id: claimed.id))
    } catch {
      return .failed(error)
    }
  }

  private func open(_ content: JobContent, id: JobID) throws(JobError) -> [UInt8] {
    guard content.isSealed else { return content.payload }
    guard let seal else { throw .seal(code: "no_payload_key", detail: "this worker has no PAYLOAD_KEY") }
    return try content.open(with: seal, id: id)
  }

  private func sealed(_ result: [UInt8], _ content: JobContent, id: JobID) throws(JobFailure) -> [UInt8] {
    guard content.isSealed, let seal else { return result }
    do {
      return try seal.seal(result, .result, id: id, kind: content.kind)
    } catch {
      throw .permanent(code: error.code, error.description)
    }
  }
}

/// What became of one delivery on its slot.
struct Completion: Sendable, Equatable {
  /// The ways to end.
  enum End: Sendable, Equatable {
    /// With a result, sealed already where the kind is.
    case success([UInt8])
    /// The handler gave up.
    case failed(JobFailure)
    /// It can never run.
    case unusable(UnusableJob)
    /// No handler here.
    case unknownKind
    /// A raw element that asks for a later start.
    case early(JobStart)
  }

  var end: End
  var kind: KindName?
  var adoption: Settlement.Adoption?
  var options = JobOptions()

  init(end: End, options: JobOptions = JobOptions()) {
    self.end = end
    self.options = options
  }
}
