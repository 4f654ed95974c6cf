/// Reads replies in RESP2 and RESP3 from bytes that come in pieces of any size.
///
/// What has been read is kept in an explicit stack, so that no byte is looked at twice, however the reply is cut (only a
/// string that is not there in full has its length read again), and no nesting can exhaust the thread's stack.
///
/// - Source: https://redis.io/docs/latest/develop/reference/protocol-spec/
public struct RESPDecoder: Sendable {
  private let limits: RESPLimits
  /// How many aggregates are open.
  private var depth = 0
  /// The aggregate that the next value belongs to; means nothing while `depth` is 0.
  private var innermost = RESPAggregate(kind: .array, missing: 0)
  /// The aggregates around it, outermost first.
  private var outer: [RESPAggregate] = []
  /// Bytes of the stream in front of the input at hand.
  private var received = 0
  /// Where in the stream the reply at hand began.
  private var replyStart = 0
  /// Where in the input at hand the reply has its limit.
  private var replyEnd = 0
  /// How many values the reply at hand has announced.
  private var elements = 0
  /// Bytes of an unfinished line that have been looked at.
  private var scanned = 0
  private var failure: RESPError?

  /// What came of reading one value or one head of an aggregate.
  private enum Step {
    /// It is not there in full.
    case incomplete
    /// It has been put in its place; the reply goes on.
    case placed
    /// It completed the reply.
    case reply(RESPValue)
  }

  /// Makes a decoder for one connection.
  public init(limits: RESPLimits = .default) {
    // Beyond these no sum of lengths could be taken without looking for overflow.
    let most = 1 << 40
    self.limits = RESPLimits(
      depth: min(max(limits.depth, 0), 1 << 16), elements: min(max(limits.elements, 1), most),
      bulkBytes: min(max(limits.bulkBytes, 0), most), replyBytes: min(max(limits.replyBytes, 0), most))
  }

  /// Whether a reply has begun and not ended, beside what lies unconsumed in the input.
  public var isInsideReply: Bool { depth > 0 }

  /// Takes the next reply from the front of `input`.
  ///
  /// - Parameters:
  ///   - input: everything received and not yet consumed, in order.
  ///   - consumed: how many bytes of `input` have been taken; drop them before the next call, also when nil is answered.
  /// - Returns: the reply, or nil when it is not there in full. Call again with the rest until nil is answered.
  /// - Throws: `RESPError` for bytes that are not RESP and for replies beyond the limits, and the same again ever after.
  /// - Complexity: O(bytes), each byte once over all calls.
  public mutating func decode(_ input: Span<UInt8>, consumed: inout Int) throws(RESPError) -> RESPValue? {
    consumed = 0
    if let failure { throw failure }
    replyEnd = replyStart + limits.replyBytes - received
    var position = 0
    do throws(RESPFault) {
      let value = try read(input, &position)
      received += position
      consumed = position
      if value != nil {
        replyStart = received
        elements = 0
      }
      return value
    } catch {
      let byte = error.index < input.count ? input[error.index] : nil
      let known = RESPError(reason: error.reason, byte: byte, offset: received + error.index)
      failure = known
      depth = 0
      innermost = RESPAggregate(kind: .array, missing: 0)
      outer = []
      throw known
    }
  }

  private mutating func read(_ input: Span<UInt8>, _ position: inout Int) throws(RESPFault) -> RESPValue? {
    while true {
      let start = position
      switch try step(input, &position) {
      case .incomplete:
        position = start
        return nil
      case .placed: try checkReply(upTo: position)
      case .reply(let reply):
        try checkReply(upTo: position)
        return reply
      }
    }
  }

  /// Puts a value where it belongs and closes each aggregate that it completes.
  @inline(__always)
  private mutating func place(_ value: consuming RESPValue) -> Step {
    if depth == 0 { return .reply(value) }
    innermost.append(value)
    return innermost.missing > 0 ? .placed : close()
  }

  private mutating func close() -> Step {
    while innermost.missing == 0 {
      depth -= 1
      var complete = outer.popLast() ?? RESPAggregate(kind: .array, missing: 0)
      swap(&complete, &innermost)
      guard let value = complete.finish() else { return .placed }
      guard depth > 0 else { return .reply(value) }
      innermost.append(value)
    }
    return .placed
  }

  @inline(__always)
  private mutating func step(_ input: Span<UInt8>, _ position: inout Int) throws(RESPFault) -> Step {
    guard position < input.count else { return .incomplete }
    let start = position
    position += 1
    switch input[start] {
    case UInt8(ascii: "$"):
      guard let text = try bulk(input, &position, mayBeNull: true) else { return .incomplete }
      return place(text.isNull ? .null : .bulk(text.bytes(of: input)))
    case UInt8(ascii: ":"):
      guard let value = try RESPLine.integer(input, &position) else { return .incomplete }
      return place(.integer(value))
    case UInt8(ascii: "+"):
      guard let line = try line(input, &position) else { return .incomplete }
      return place(.simple(line.text(of: input)))
    case UInt8(ascii: "*"): return try aggregate(.array, input, &position)
    default: return try rareStep(input, &position, type: input[start])
    }
  }

  /// The types that are seldom on the wire, apart, so that the others' code stays small enough to be one piece.
  @inline(never)
  private mutating func rareStep(
    _ input: Span<UInt8>, _ position: inout Int, type: UInt8
  ) throws(RESPFault) -> Step {
    let start = position - 1
    switch type {
    case UInt8(ascii: "-"):
      guard let line = try line(input, &position) else { return .incomplete }
      return place(.error(RedisServerError(line: line.text(of: input))))
    case UInt8(ascii: "%"): return try aggregate(.map, input, &position)
    case UInt8(ascii: "~"): return try aggregate(.set, input, &position)
    case UInt8(ascii: ">"):
      guard depth == 0 else { throw RESPFault(.misplaced, at: start) }
      return try aggregate(.push, input, &position)
    case UInt8(ascii: "|"): return try aggregate(.attribute, input, &position)
    case UInt8(ascii: "!"):
      guard let text = try bulk(input, &position, mayBeNull: false) else { return .incomplete }
      return place(.error(RedisServerError(line: text.text(of: input))))
    case UInt8(ascii: "="):
      guard let text = try bulk(input, &position, mayBeNull: false) else { return .incomplete }
      guard let value = RESPVerbatim(content: text.bytes(of: input)) else { throw RESPFault(.verbatim, at: start) }
      return place(.verbatim(value))
    case UInt8(ascii: "_"), UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "("):
      guard let line = try line(input, &position) else { return .incomplete }
      return place(try RESPScalar.value(of: type, input, line.range))
    default: throw RESPFault(.unknownType, at: start)
    }
  }

  private mutating func line(_ input: Span<UInt8>, _ position: inout Int) throws(RESPFault) -> RESPExtent? {
    let line = try RESPLine.text(input, &position, scanned: &scanned, limit: limits.bulkBytes)
    return line.map { RESPExtent(range: $0) }
  }

  @inline(__always)
  private mutating func bulk(
    _ input: Span<UInt8>, _ position: inout Int, mayBeNull: Bool
  ) throws(RESPFault) -> RESPExtent? {
    let head = position
    guard let length = try length(input, &position, mayBeNull: mayBeNull) else { return nil }
    if length < 0 { return .null }
    guard length <= limits.bulkBytes else { throw RESPFault(.bulkLimit(limits.bulkBytes), at: head) }
    try checkReply(upTo: position + length)
    return try RESPLine.bulk(input, &position, length: length).map { RESPExtent(range: $0) }
  }

  private mutating func aggregate(
    _ kind: RESPAggregate.Kind, _ input: Span<UInt8>, _ position: inout Int
  ) throws(RESPFault) -> Step {
    let head = position
    guard let count = try length(input, &position, mayBeNull: kind == .array) else { return .incomplete }
    if count < 0 { return place(.null) }
    let room = limits.elements - elements
    guard count <= (kind.isPaired ? room / 2 : room) else {
      throw RESPFault(.elementLimit(limits.elements), at: head)
    }
    guard depth < limits.depth else { throw RESPFault(.depthLimit(limits.depth), at: head) }
    try checkReply(upTo: position)
    let values = kind.isPaired ? 2 * count : count
    elements += values
    var aggregate = RESPAggregate(kind: kind, missing: values)
    if values == 0 {
      guard let value = aggregate.finish() else { return .placed }
      return place(value)
    }
    // What is announced is not yet there: no more room is taken than what has come can fill (3 bytes a value at least).
    aggregate.values.reserveCapacity(min(values, (input.count - position) / 3 + 1))
    swap(&aggregate, &innermost)
    if depth > 0 { outer.append(aggregate) }
    depth += 1
    return .placed
  }

  @inline(__always)
  private mutating func length(
    _ input: Span<UInt8>, _ position: inout Int, mayBeNull: Bool
  ) throws(RESPFault) -> Int? {
    let head = position
    if head < input.count, input[head] == UInt8(ascii: "?") { throw RESPFault(.streamed, at: head) }
    guard let length = try RESPLine.integer(input, &position) else { return nil }
    guard length >= 0 || (length == -1 && mayBeNull) else { throw RESPFault(.length, at: head) }
    return Int(length)
  }

  @inline(__always)
  private func checkReply(upTo index: Int) throws(RESPFault) {
    if index > replyEnd { throw RESPFault(.replyLimit(limits.replyBytes), at: replyEnd) }
  }
}
