// The reader of the clients. hiredis' reader knows RESP2 alone, so that its clients do not ask for RESP3.
#if Hiredis
  typealias ReplyDecoder = HiredisDecoder
  let clientsSpeakRESP3 = false
#else
  typealias ReplyDecoder = RESPDecoder
  let clientsSpeakRESP3 = true
#endif
