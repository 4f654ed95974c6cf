import RedisWire

#if Hiredis
  typealias DecoderUnderTest = HiredisDecoder
#else
  typealias DecoderUnderTest = RESPDecoder
#endif

/// All that a decoder makes of a stream.
struct Decoded: Equatable {
  var values: [RESPValue] = []
  var error: RESPError?
  /// What lay unconsumed at the end, and the most that ever did after a call.
  var rest = 0
  var longestRest = 0
}

/// Feeds `bytes` cut at `cuts` and collects every reply.
func decode(_ bytes: [UInt8], cuts: [Int] = [], limits: RESPLimits = .default) -> Decoded {
  var decoder = DecoderUnderTest(limits: limits)
  var decoded = Decoded()
  var start = 0
  for end in cuts + [bytes.count] {
    while true {
      var consumed = 0
      do {
        let value = try decoder.decode(bytes[start..<end].span, consumed: &consumed)
        start += consumed
        decoded.rest = end - start
        guard let value else { break }
        decoded.values.append(value)
      } catch {
        decoded.error = error
        return decoded
      }
    }
    decoded.longestRest = max(decoded.longestRest, decoded.rest)
  }
  return decoded
}
