import JSONWire

/// One line of the file of results: how a job ended.
enum ResultLine {
  /// The line of a job that has ended, from its document.
  static func text(_ accepted: AcceptedJob, _ job: JSONValue) -> [UInt8] {
    var writer = JSONWriter(capacity: job.range.count + 64)
    writer.object { writer in
      writer.field("line", accepted.line)
      writer.field("id", accepted.id)
      writer.field("state", job["state"] ?? .null)
      if let result = job["result"] { writer.field("result", result) }
      if let error = job["error"] { writer.field("error", error) }
    }
    writer.newline()
    return writer.bytes
  }

  /// The line of a job that is there no more; `problem` is what the API says of it.
  static func gone(_ accepted: AcceptedJob, problem: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("line", accepted.line)
      writer.field("id", accepted.id)
      writer.fieldNull("state")
      writer.field("error", problem)
    }
    writer.newline()
    return writer.bytes
  }

  /// The number and the state of a line that was written before; nil when it is none.
  static func read(_ text: [UInt8]) -> (line: Int, isSuccess: Bool)? {
    do throws(JSONError) {
      let root = try JSONDocument(text, limits: JSONLimits(bytes: .max)).root
      guard let line = root["line"]?.asInt64.flatMap({ Int(exactly: $0) }), (1...1 << 40).contains(line) else {
        return nil
      }
      return (line, root["state"]?.isString("succeeded") == true)
    } catch {
      return nil
    }
  }
}
