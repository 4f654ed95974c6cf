/// What a claimed job carries, ready for its handler: kind, payload, and whether it lies sealed.
public struct JobContent: Sendable, Equatable {
  /// The kind.
  public var kind: KindName
  /// One JSON text; for a sealed kind still the sealed text.
  public var payload: [UInt8]
  /// Whether the kind is sealed. Also true for a kind that is unknown here but whose hash or payload says so.
  public var isSealed: Bool
  /// Whether it was pushed into the list by hand: then the seal is bound to no id.
  public var isAdopted: Bool
  /// What differs from the defaults.
  public var options: JobOptions
  /// When it may first run, for an adopted one that names a time; to be kept once, while the hash has no kind yet.
  public var start: JobStart

  /// What to write into the hash with each settlement: what parsing a raw element told, and that a content is to be
  /// deleted when the hash does not say so.
  public var adoption: Settlement.Adoption?

  /// The payload as the handler gets it.
  public func open(with seal: PayloadSeal, id: JobID) throws(JobError) -> [UInt8] {
    guard isSealed else { return payload }
    return isAdopted
      ? try seal.openUnbound(payload, kind: kind) : try seal.open(payload, .payload, id: id, kind: kind)
  }
}

/// Why a claimed job can never run; the settlement says so and removes its content where that may be private.
public struct UnusableJob: Error, Sendable, Equatable {
  /// The reason of its death.
  public var reason: DeathReason
  /// What is wrong, without any content.
  public var detail: String
  /// What to write into the hash.
  public var adoption: Settlement.Adoption?

  /// How to settle it.
  public var end: Settlement.End { .dead(reason, error: detail) }
}

extension JobRecord {
  /// The content of a claimed job: from its fields, or parsed from the raw element that was adopted.
  ///
  /// - Throws: `UnusableJob` with `undecodable` or `plaintext_refused`.
  public func content(_ reader: JobRequestReader) throws(UnusableJob) -> JobContent {
    if let payload {
      guard let kind = kind.flatMap({ KindName($0) }) else {
        throw UnusableJob(reason: .undecodable, detail: "the hash has a payload and no kind that can be read")
      }
      let isSealed = sealed == true || reader.kinds[kind]?.isSealed == true
      if isSealed, !PayloadSeal.isSealed(payload) {
        throw UnusableJob(
          reason: .plaintextRefused, detail: "\(kind) must be sealed, and this payload is not",
          adoption: Settlement.Adoption(kind: kind, isSealed: true))
      }
      return JobContent(
        kind: kind, payload: payload, isSealed: isSealed, isAdopted: false, options: options, start: .now,
        adoption: isSealed && sealed != true ? Settlement.Adoption(kind: kind, isSealed: true) : nil)
    }
    guard let raw else { throw UnusableJob(reason: .undecodable, detail: "the hash has neither payload nor raw") }
    return try Self.adopted(raw, reader, queue: id.queue)
  }

  private static func adopted(
    _ raw: [UInt8], _ reader: JobRequestReader, queue: QueueName
  ) throws(UnusableJob) -> JobContent {
    let request: JobRequest
    do {
      request = try reader.read(raw, from: .element(of: queue))
    } catch {
      // What cannot be read may still be private: it is kept as evidence only when it names no sealed kind.
      let isSealed = Kinds.mentionsSealedKind(raw)
      let detail = isSealed ? "it cannot be read as a job (\(error.code))" : error.description
      throw UnusableJob(
        reason: .undecodable, detail: detail, adoption: Settlement.Adoption(kind: nil, isSealed: isSealed))
    }
    let sealedText =
      PayloadSeal.isSealed(request.payload.dropFirst().prefix(8).asArray) ? unquoted(request.payload) : nil
    let isKnownSealed = reader.kinds[request.kind]?.isSealed
    guard isKnownSealed != true || sealedText != nil else {
      throw UnusableJob(
        reason: .plaintextRefused,
        detail: "\(request.kind) must be sealed (jobctl seal), and this payload is not; its content was removed",
        adoption: Settlement.Adoption(kind: request.kind, isSealed: true))
    }
    // A kind that is unknown here counts as sealed: nobody can say that its content may stay.
    let isSealed = isKnownSealed ?? true
    let payload = isSealed ? sealedText ?? request.payload : request.payload
    return JobContent(
      kind: request.kind, payload: payload, isSealed: isSealed, isAdopted: true, options: request.options,
      start: request.start, adoption: Settlement.Adoption(kind: request.kind, isSealed: isSealed))
  }

  /// The text of a JSON string without escapes, which is what a sealed text is.
  private static func unquoted(_ json: [UInt8]) -> [UInt8]? {
    guard json.count >= 2, json.first == UInt8(ascii: "\""), json.last == UInt8(ascii: "\"") else { return nil }
    let text = Array(json.dropFirst().dropLast())
    return text.contains(UInt8(ascii: "\\")) ? nil : text
  }
}

extension ArraySlice<UInt8> {
  fileprivate var asArray: [UInt8] { Array(self) }
}
