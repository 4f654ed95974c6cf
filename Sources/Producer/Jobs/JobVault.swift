import HTTPWire
import JSONWire
import Jobs

/// What lies sealed in Redis, for the caller: payloads go in sealed, results come out opened.
struct JobVault: Sendable {
  let kinds: Kinds
  /// Nil without a key; then sealed kinds are refused.
  let seal: PayloadSeal?

  /// The payload in the form in which it lies in Redis.
  ///
  /// - Throws: a `Problem` without a key, a `JobError` when sealing fails.
  func payload(_ request: JobRequest, id: JobID) throws -> (bytes: [UInt8], isSealed: Bool) {
    guard kinds[request.kind]?.isSealed == true else { return (request.payload, false) }
    guard let seal else { throw Problem.sealingUnavailable(request.kind.text) }
    return (try seal.seal(request.payload, .payload, id: id, kind: request.kind), true)
  }

  /// Whether the payload of a job may be shown as it lies in Redis: its kind is known and not sealed, or its element was found
  /// to name no sealed kind. A brief record tells it too.
  func showsPayload(_ record: JobRecord) -> Bool {
    if let sealed = record.sealed { return !sealed }
    if let kind = record.kind, DeadOperation(kind: kind) != nil { return true }
    return record.kind.flatMap { KindName($0) }.flatMap { kinds[$0] }?.isSealed == false
  }

  /// The payload of a job that may be shown, as one JSON text; nil when it is not there.
  ///
  /// Of an element that was pushed by hand it is the member `payload`, and all of it where it cannot be read.
  func payload(of record: JobRecord) -> [UInt8]? {
    guard let element = record.payload ?? record.raw, !PayloadSeal.isSealed(element) else { return nil }
    do throws(JSONError) {
      let document = try JSONDocument(element, limits: JSONLimits(bytes: .max, values: .max))
      if record.payload != nil { return element }
      if let payload = document.root.members.first(where: { $0.name == "payload" }) {
        var writer = JSONWriter(capacity: element.count)
        writer.value(payload.value)
        return writer.bytes
      }
    } catch {
      // What is no JSON is told as a text.
    }
    var writer = JSONWriter(capacity: element.count + 2)
    writer.string(utf8: element)
    return writer.bytes
  }

  /// The result of a succeeded job as one JSON text; nil when there is none.
  ///
  /// - Throws: a `Problem` without a key, a `JobError` when opening fails.
  func result(_ record: JobRecord) throws -> [UInt8]? {
    guard record.state == .succeeded, let result = record.result else { return nil }
    guard PayloadSeal.isSealed(result) else { return result }
    let kind = record.kind.flatMap { KindName($0) }
    guard let seal, let kind else { throw Problem.sealingUnavailable(record.kind ?? "unknown") }
    return try seal.open(result, .result, id: record.id, kind: kind)
  }
}
