import JSONWire
import Jobs
import Service
import Transport

/// `jobctl seal`: makes elements of private kinds that may be pushed into a queue's list by hand.
enum SealCommand {
  static let seal = Command(
    name: "seal", operands: "[@FILE|-]", operandCount: 0...1,
    summary: "seal payloads of a private kind for LPUSH: prints elements, one a line; nothing is sent",
    options: [
      Option("kind", "KIND", "which handler runs it; required"),
      Option("lines", nil, "the input is a payload a line"),
      Option("delay", "DURATION", "run it later"),
      Option("max-attempts", "N", "where it differs from the workers' setting"),
    ] + SecretInput.options,
    examples: [
      "seal --kind memory.store @payload.json --payload-key-file payload.key",
      "seal --kind memory.store - <payload.json >element.json",
      "seal --kind memory.store --lines @payloads.ndjson >elements.ndjson",
    ]
  ) { (call) throws(ProgramEnd) in
    guard let text = call.arguments["kind"] else { throw .usage("seal needs --kind KIND") }
    guard let kind = KindName(text), let known = Kinds(testKinds: true)[kind] else {
      throw .usage("--kind is \"\(text)\", which is no kind that this version knows")
    }
    guard known.isSealed else {
      throw .usage("\(kind) is not private: push {\"kind\":\"\(kind)\",\"payload\":...} as it is")
    }
    let source = call.arguments.operands.first ?? "-"
    guard source == "-" || source.hasPrefix("@") else {
      throw .usage("a private payload is read from @FILE or standard input, as other users see command lines")
    }
    guard let seal = try SecretInput.keys(call).seal else {
      throw .failed(
        .configuration, "PAYLOAD_KEY is missing: set it or ENCRYPTION_KEY, or name a file by --payload-key-file")
    }
    let elements = SealedElements(
      kind: kind, seal: seal, delay: try call.arguments.duration("delay"),
      maxAttempts: try call.arguments.number("max-attempts", in: JobLimits.attempts))
    var output = ""
    for payload in call.arguments.has("lines")
      ? try PayloadSource.readLines(source) : [try PayloadSource.read(source).rawBytes]
    {
      output += String(decoding: try elements.element(payload), as: UTF8.self) + "\n"
    }
    return ProgramEnd(.success, output: output)
  }
}

/// Makes elements of one private kind.
struct SealedElements: Sendable {
  let kind: KindName
  let seal: PayloadSeal
  var delay: Duration?
  var maxAttempts: Int?

  /// The element of a payload, one line of JSON.
  ///
  /// - Throws: exit code 1 when it cannot be sealed, or a worker with standard settings would refuse it.
  func element(_ payload: [UInt8]) throws(ProgramEnd) -> [UInt8] {
    let sealed: [UInt8]
    do throws(JobError) {
      sealed = try seal.sealUnbound(payload, kind: kind)
    } catch {
      throw .failed(.failure, "the payload cannot be sealed: \(error)")
    }
    var writer = JSONWriter(capacity: sealed.count + 128)
    writer.object { writer in
      writer.field("kind", kind.text)
      if let delay { writer.field("delay", "\(delay.wholeMilliseconds)ms") }
      if let maxAttempts { writer.field("max_attempts", maxAttempts) }
      writer.key("payload")
      writer.string(utf8: sealed)
    }
    do throws(JobRequestError) {
      guard let queue = kind.defaultQueue else { throw .fields([]) }
      _ = try JobRequestReader(kinds: Kinds(testKinds: true)).read(writer.bytes, from: .element(of: queue))
    } catch {
      throw .failed(.failure, "a worker would refuse the element: \(error)")
    }
    return writer.bytes
  }
}
