import HTTPWire

/// One job of the input, or what is wrong with it.
struct InputRecord: Sendable {
  /// The number of the line that it begins in, from 1.
  let line: Int
  /// Its bytes as they stand in the input; empty when they were too many to keep.
  let text: [UInt8]
  /// The job as JSON, or why it is not sent at all.
  let job: Result<[UInt8], Problem>
}

/// How far the input has been read.
struct InputPlace: Equatable, Sendable {
  /// Bytes from its beginning.
  var offset: Int64 = 0
  /// Lines that ended up to there.
  var lines = 0
}
