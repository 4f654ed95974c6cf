/// Reads one HTTP/1.1 answer from a socket; for tests, so it trusts lengths and keeps all in memory.
struct HTTPReader {
  private let socket: BlockingSocket
  // A slice, so that taking from its front costs nothing.
  private var buffer: ArraySlice<UInt8> = []
  private var chunkLeft = 0
  private var bodyEnded = false

  init(_ socket: BlockingSocket) { self.socket = socket }

  /// The status and the fields; informational answers (1xx) are passed over.
  mutating func head() throws(SupportError) -> (status: Int, headers: [String: String]) {
    while true {
      guard let first = try line() else { throw SupportError("the server closed the connection without an answer") }
      let words = first.split(separator: " ")
      guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
        throw SupportError("no HTTP/1.1 status line: \(first)")
      }
      var headers: [String: String] = [:]
      while let field = try line(), !field.isEmpty {
        guard let colon = field.firstIndex(of: ":") else { throw SupportError("no header field: \(field)") }
        let value = field[field.index(after: colon)...]
        headers[field[..<colon].lowercased()] = String(value.drop { $0 == " " })
      }
      if status >= 200 || status == 101 { return (status, headers) }
    }
  }

  mutating func answer() throws(SupportError) -> PlainHTTP.Answer {
    let (status, headers) = try head()
    var body: [UInt8] = []
    if headers["transfer-encoding"] == "chunked" {
      while let byte = try chunkedByte() { body.append(byte) }
    } else if let length = headers["content-length"].flatMap({ Int($0) }) {
      while buffer.count < length {
        guard try fill() else { throw SupportError("the body ended after \(buffer.count) of \(length) bytes") }
      }
      body = Array(buffer.prefix(length))
    } else if status != 204 && status != 304 {
      while try fill() {}
      body = Array(buffer)
    }
    return PlainHTTP.Answer(status: status, headers: headers, body: body)
  }

  /// The next line of the body; nil after the last.
  mutating func bodyLine(isChunked: Bool) throws(SupportError) -> String? {
    guard isChunked else { return try line() }
    var bytes: [UInt8] = []
    while let byte = try chunkedByte() {
      if byte == 10 { return Self.text(bytes) }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : Self.text(bytes)
  }

  private mutating func chunkedByte() throws(SupportError) -> UInt8? {
    if bodyEnded { return nil }
    if chunkLeft == 0 {
      guard let size = try line(), let count = Int(size.prefix { $0 != ";" }, radix: 16) else {
        throw SupportError("the chunked body ended without its last chunk")
      }
      if count == 0 {
        while let trailer = try line(), !trailer.isEmpty {}
        bodyEnded = true
        return nil
      }
      chunkLeft = count
    }
    while buffer.isEmpty {
      guard try fill() else { throw SupportError("the chunked body ended inside a chunk") }
    }
    let byte = buffer.removeFirst()
    chunkLeft -= 1
    if chunkLeft == 0 { _ = try line() }
    return byte
  }

  /// The next line without its end; nil at the end of the connection.
  private mutating func line() throws(SupportError) -> String? {
    while true {
      if let end = buffer.firstIndex(of: 10) {
        let bytes = Array(buffer[..<end])
        buffer = buffer[(end + 1)...]
        return Self.text(bytes)
      }
      guard try fill() else { return nil }
    }
  }

  private mutating func fill() throws(SupportError) -> Bool {
    let chunk = try socket.read()
    buffer += chunk
    return !chunk.isEmpty
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.last == 13 ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }
}
