internal import JSONWire

/// What the payloads have in common: strict reading, and the fields that several of them have.
enum MemoryPayload {
  /// Twice the longest content with every byte escaped; whoever accepts payloads bounds them before.
  private static let limits = JSONLimits(depth: 8, bytes: 16 << 20, values: 1024)

  static func read<Request>(
    _ payload: [UInt8], _ body: (inout JSONFieldReader) -> Request
  ) throws(MemoryError) -> Request {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(payload, limits: limits)
    } catch {
      // Its pointer may hold names of members, which are content; its message holds none.
      throw .invalidPayload([JSONProblem(pointer: "", detail: "\(error.message) at byte \(error.offset)")])
    }
    var fields = JSONFieldReader(document.root, namesUnknown: false)
    let request = body(&fields)
    do throws(JSONProblems) {
      try fields.finish()
    } catch {
      throw .invalidPayload(error.problems)
    }
    return request
  }

  static func user(_ fields: inout JSONFieldReader) -> String {
    fields.string("user", length: MemoryLimits.userBytes)
  }

  static func memoryID(_ fields: inout JSONFieldReader) -> String {
    fields.string("memory_id", length: MemoryLimits.idBytes)
  }
}
