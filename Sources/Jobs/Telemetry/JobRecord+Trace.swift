public import Service

extension JobID {
  /// The trace of a job that nobody gave one: its id is the ULID's 128 bits, of which 80 are random, as the specification of
  /// `traceparent` wants its last ones to be.
  ///
  /// It costs nothing in Redis, and a job that was pushed by hand has it too.
  public var trace: TraceContext? {
    let bits = ULID.bits(text.utf8.suffix(ULID.length))
    return TraceContext(trace: bits, span: bits.low)?.descendant(0)
  }
}

extension JobRecord {
  /// Where the job stands in a trace: as whoever put it in said, else by its id. The same for all its attempts; nil for an id of zeros.
  public var trace: TraceContext? { givenTrace ?? id.trace }

  /// Its place in a trace as it was put in with the job; nil when it was put in without.
  public var givenTrace: TraceContext? { options.traceparent.flatMap { TraceContext($0) } }
}
