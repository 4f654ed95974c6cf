import JSONWire
import Service

/// Where a payload comes from: the argument itself, `@FILE`, or `-` for standard input.
enum PayloadSource {
  private static let most = 64 << 20

  /// The payload, as JSON.
  ///
  /// - Throws: exit code 2 when it cannot be read or is no JSON; never any of its content.
  static func read(_ text: String) throws(ProgramEnd) -> JSONValue {
    let bytes: [UInt8]
    let path = text == "-" ? "/dev/stdin" : text.hasPrefix("@") ? String(text.dropFirst()) : nil
    do throws(FileBytes.Failure) {
      bytes = if let path { try FileBytes.read(path, limit: most) } else { Array(text.utf8) }
    } catch {
      throw .usage("the payload cannot be read from \(path ?? ""): \(error)")
    }
    do throws(JSONError) {
      return try JSONDocument(bytes, limits: JSONLimits(bytes: most)).root
    } catch {
      throw .usage("the payload is no JSON (\(error.code) at byte \(error.offset)); quote it for the shell with '...'")
    }
  }
}
