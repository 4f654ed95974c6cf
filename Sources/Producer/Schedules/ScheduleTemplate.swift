import HTTPWire
import JSONWire
import Jobs

/// Between the job of a schedule as it is written down and the request that each run makes of it.
struct ScheduleTemplate: Sendable {
  private let reader: JobRequestReader
  private let stored: JobRequestReader
  private let vault: JobVault

  init(reader: JobRequestReader, vault: JobVault) {
    self.reader = reader
    self.vault = vault
    // A sealed text is a third longer than what is in it.
    let (twice, isOver) = reader.maxPayloadBytes.multipliedReportingOverflow(by: 2)
    stored = JobRequestReader(kinds: reader.kinds, maxPayloadBytes: isOver ? .max : twice)
  }

  /// The longest body that defines a schedule.
  var maxBytes: Int { reader.maxBytes }

  /// What is written down of a job; a private payload is sealed first.
  ///
  /// - Throws: a `JobRequestError` whose pointers begin where the job's do, a `Problem` without a key, a `JobError` when sealing
  ///   fails.
  func template(_ job: JSONValue, owner: String?) throws -> Schedule.Template {
    let request = try reader.read(job)
    var problems: [JSONProblem] = []
    if request.start != .now {
      problems.append(JSONProblem(pointer: job.pointer, detail: "run_at and delay have no place in a schedule's job"))
    }
    if request.unique != nil {
      problems.append(
        JSONProblem(pointer: job.pointer + "/unique", detail: "has no place in a schedule's job; use overlap"))
    }
    guard problems.isEmpty else { throw JobRequestError.fields(problems) }
    let isSealed = reader.kinds[request.kind]?.isSealed == true
    return Schedule.Template(
      kind: request.kind, queue: request.queue, json: isSealed ? try sealed(job, request) : job.rawBytes,
      isSealed: isSealed, owner: Viewer.isOwned(request.kind.text) ? owner : nil)
  }

  /// The job that a run asks for.
  ///
  /// - Throws: a `JobRequestError` when this version cannot read it, a `Problem` without a key, a `JobError` when the
  ///   payload does not open.
  func request(_ template: Schedule.Template) throws -> JobRequest {
    var request = try stored.read(template.json)
    guard template.isSealed else { return request }
    guard let seal = vault.seal else { throw Problem.sealingUnavailable(request.kind.text) }
    let text = try JSONDocument(request.payload, limits: JSONLimits(bytes: stored.maxBytes)).root.asString ?? ""
    request.payload = try seal.openUnbound(Array(text.utf8), kind: request.kind)
    return request
  }

  /// The job with its payload sealed; it is bound to its kind, as it has no id yet.
  private func sealed(_ job: JSONValue, _ request: JobRequest) throws -> [UInt8] {
    guard let seal = vault.seal else { throw Problem.sealingUnavailable(request.kind.text) }
    let payload = try seal.sealUnbound(request.payload, kind: request.kind)
    var writer = JSONWriter(capacity: payload.count + 256)
    writer.object { writer in
      for member in job.members where member.name != "payload" { writer.field(member.name, member.value) }
      writer.key("payload")
      writer.string(utf8: payload)
    }
    return writer.bytes
  }
}
