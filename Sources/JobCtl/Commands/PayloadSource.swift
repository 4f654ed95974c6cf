import JSONWire
import Service

/// Where a payload comes from: the argument itself, `@FILE`, or `-` for standard input.
enum PayloadSource {
  private static let most = 64 << 20

  /// The payload, as JSON.
  ///
  /// - Throws: exit code 2 when it cannot be read or is no JSON; never any of its content.
  static func read(_ text: String) throws(ProgramEnd) -> JSONValue {
    try json(try bytes(text), "the payload")
  }

  /// The payloads, one a line; lines of white space are passed over.
  ///
  /// - Throws: as `read`, with the number of the line.
  static func readLines(_ text: String) throws(ProgramEnd) -> [[UInt8]] {
    var payloads: [[UInt8]] = []
    for (index, line) in try bytes(text).split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
      payloads.append(try json(Array(line), "line \(index + 1)").rawBytes)
    }
    return payloads
  }

  private static func bytes(_ text: String) throws(ProgramEnd) -> [UInt8] {
    let path = text == "-" ? "/dev/stdin" : text.hasPrefix("@") ? String(text.dropFirst()) : nil
    guard let path else { return Array(text.utf8) }
    do throws(FileBytes.Failure) {
      return try FileBytes.read(path, limit: most)
    } catch {
      throw .usage("the payload cannot be read from \(path): \(error)")
    }
  }

  private static func json(_ bytes: [UInt8], _ what: String) throws(ProgramEnd) -> JSONValue {
    do throws(JSONError) {
      return try JSONDocument(bytes, limits: JSONLimits(bytes: most)).root
    } catch {
      throw .usage("\(what) is no JSON (\(error.code) at byte \(error.offset)); quote it for the shell with '...'")
    }
  }
}
