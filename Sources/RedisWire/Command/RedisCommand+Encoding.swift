public import Transport

extension RedisCommand {
  /// Appends the command in full, as it goes on the wire.
  ///
  /// The call of a script whose SHA-1 is not known yet goes out as `EVAL` with the source.
  public func encode(into bytes: inout [UInt8]) {
    let (prefix, count) = opening
    bytes.reserveCapacity(bytes.count + prefix.count + body.count + 16)
    bytes.append(UInt8(ascii: "*"))
    RESPEncoding.append(decimal: Int64(argumentCount + count), to: &bytes)
    RESPEncoding.appendLineEnd(to: &bytes)
    bytes.append(contentsOf: prefix)
    bytes.append(contentsOf: body)
  }

  /// Appends the command in full, as it goes on the wire.
  public func encode(into buffer: inout ByteBuffer) {
    let (prefix, count) = opening
    buffer.reserve(prefix.count + body.count + 16)
    buffer.append(UInt8(ascii: "*"))
    buffer.append(decimal: argumentCount + count)
    buffer.append("\r\n" as StaticString)
    buffer.append(prefix)
    buffer.append(body)
  }

  /// How many bytes `encode` appends at most.
  var encodedCount: Int { (script.map { $0.source.count + 96 } ?? 0) + body.count + 24 }

  /// The bulk strings in front of the body, and how many they are.
  private var opening: (bytes: [UInt8], count: Int) {
    guard let script else { return ([], 0) }
    if let opening = script.openingBySHA1 { return (opening, 2) }
    var opening = RedisCommand("EVAL")
    opening.append(script.source)
    return (opening.body, 2)
  }
}
