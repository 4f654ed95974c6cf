import Transport

/// Writes the head of a response straight into a connection's output.
struct ResponseHead {
  /// How the body's end is told.
  enum Framing {
    /// By Content-Length.
    case length(Int)
    /// By the last chunk.
    case chunked
    /// By the end of the connection (streams to HTTP/1.0).
    case untilClose
    /// There is none, by the status.
    case none
  }

  /// What Connection says.
  enum Persistence { case implied, keepAlive, close }

  var status: HTTPStatus
  var contentType: StaticString?
  var framing: Framing
  var persistence: Persistence

  func write(into output: inout ByteBuffer, date: [UInt8], requestID: RequestID?, headers: HTTPHeaders) {
    if status.code == 200 {
      output.append("HTTP/1.1 200 OK\r\n")
    } else {
      output.append("HTTP/1.1 ")
      output.append(decimal: status.code)
      output.append(ASCII.space)
      output.append(status.reason)
      output.append("\r\n")
    }
    output.append(date)
    if let contentType {
      output.append("Content-Type: ")
      output.append(contentType)
      output.append("\r\n")
    }
    switch framing {
    case .length(let length):
      output.append("Content-Length: ")
      output.append(decimal: length)
      output.append("\r\n")
    case .chunked: output.append("Transfer-Encoding: chunked\r\n")
    case .untilClose, .none: break
    }
    switch persistence {
    case .implied: break
    case .keepAlive: output.append("Connection: keep-alive\r\n")
    case .close: output.append("Connection: close\r\n")
    }
    if let requestID { requestID.writeField(into: &output) }
    if !headers.isEmpty { headers.write(into: &output, without: HTTPHeaders.ownedByServer) }
    output.append("\r\n")
  }
}

extension RequestID {
  func writeField(into output: inout ByteBuffer) {
    output.append("X-Request-Id: ")
    switch self {
    case .given(let bytes): output.append(bytes)
    case .minted(let value):
      withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { digits in
        for index in 0..<16 {
          let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - index * 4)) & 15
          digits[index] = digit < 10 ? digit + 48 : digit + 87
        }
        output.append(UnsafeRawBufferPointer(digits))
      }
    }
    output.append("\r\n")
  }
}

extension HTTPHeaders {
  /// What the server writes itself: how long a message is, what becomes of the connection, and its own marks.
  static let ownedByServer: [StaticString] = [
    "content-length", "transfer-encoding", "connection", "date", "x-request-id", "keep-alive",
  ]
  /// What the client writes itself.
  static let ownedByClient: [StaticString] = [
    "content-length", "transfer-encoding", "connection", "host", "keep-alive", "expect",
  ]

  /// Writes all fields but those called as one of `owned`.
  func write(into output: inout ByteBuffer, without owned: [StaticString]) {
    let span = bytes.span
    for field in fields {
      let name = Int(field.name.lowerBound)..<Int(field.name.upperBound)
      var isOwned = false
      for other in owned where ASCII.equals(span, name, other) { isOwned = true }
      if isOwned { continue }
      output.append(span.extracting(name))
      output.append(": ")
      output.append(span.extracting(Int(field.value.lowerBound)..<Int(field.value.upperBound)))
      output.append("\r\n")
    }
  }
}

extension ByteBuffer {
  /// Writes one chunk of the chunked coding (RFC 9112 section 7.1); none for no bytes, since that would end the body.
  mutating func appendChunk(_ bytes: Span<UInt8>) {
    guard !bytes.isEmpty else { return }
    reserve(bytes.count + 20)
    var started = false
    for shift in stride(from: 60, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: bytes.count >> shift) & 15
      if digit == 0, !started { continue }
      started = true
      append(digit < 10 ? digit + 48 : digit + 87)
    }
    append("\r\n")
    append(bytes)
    append("\r\n")
  }
}
