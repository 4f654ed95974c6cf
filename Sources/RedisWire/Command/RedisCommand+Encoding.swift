public import Transport

extension RedisCommand {
  /// Appends the command in full, as it goes on the wire.
  ///
  /// The call of a script whose SHA-1 is not known yet goes out as `EVAL` with the source.
  public func encode(into bytes: inout [UInt8]) {
    let opening = opening ?? []
    let count = argumentCount + (script == nil ? 0 : 2)
    bytes.append(addingCapacity: RESPEncoding.headCount + opening.count + body.count) { output in
      RESPEncoding.appendHead(UInt8(ascii: "*"), count, to: &output)
      opening.withUnsafeBytes { RESPEncoding.append($0, to: &output) }
      body.withUnsafeBytes { RESPEncoding.append($0, to: &output) }
    }
  }

  /// Appends the command in full, as it goes on the wire.
  public func encode(into buffer: inout ByteBuffer) {
    buffer.reserve(body.count + 24)
    buffer.append(UInt8(ascii: "*"))
    if let opening {
      buffer.append(decimal: argumentCount + 2)
      buffer.append("\r\n" as StaticString)
      buffer.append(opening)
    } else {
      buffer.append(decimal: argumentCount)
      buffer.append("\r\n" as StaticString)
    }
    buffer.append(body)
  }

  /// How many bytes `encode` appends at most.
  var encodedCount: Int {
    let count = RESPEncoding.headCount + body.count
    guard let script else { return count }
    return count + script.source.count + 96
  }

  /// The two bulk strings in front of the body of a script's call.
  private var opening: [UInt8]? {
    guard let script else { return nil }
    if let opening = script.openingBySHA1 { return opening }
    var opening = RedisCommand("EVAL")
    opening.append(script.source)
    return opening.body
  }
}
