/// What is wrong at a place of the input at hand; the decoder turns it into a `RESPError` with the place in the stream.
struct RESPFault: Error {
  let reason: RESPError.Reason
  /// Index in the input at hand.
  let index: Int

  init(_ reason: RESPError.Reason, at index: Int) {
    self.reason = reason
    self.index = index
  }
}
