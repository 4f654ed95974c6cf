import Glibc
import JSONWire
import Sealing

/// Gives a job of the input the key that makes it harmless to send it again.
enum JobLine {
  private static let before = Array("\"idempotency".utf8)

  /// The key of a job: the same for the same line of the same run, and for nothing else.
  ///
  /// The job's own bytes are a part of it, so that a line that was altered between two runs is another job rather than
  /// a conflict.
  static func key(run: String, line: Int, job: [UInt8]) throws(SealingError) -> String {
    "\(run).\(line).\(Hex.string(Array(try Digest.sha256.hash(job).prefix(8))))"
  }

  /// The job with `key` as its last member; as it is when it has a key of its own or is no object.
  ///
  /// Only an object that is whole ends with a brace outside of strings, so what is not valid stays so, at the same place.
  static func keyed(_ job: [UInt8], key: String) -> [UInt8] {
    guard let brace = job.lastIndex(where: { !isBlank($0) }), job[brace] == UInt8(ascii: "}"), !hasKey(job) else {
      return job
    }
    let before = job[..<brace].last { !isBlank($0) }
    var line: [UInt8] = []
    line.reserveCapacity(job.count + key.utf8.count + 24)
    line += job[..<brace]
    if before != UInt8(ascii: "{") { line.append(UInt8(ascii: ",")) }
    line += "\"idempotency_key\":\"".utf8
    line += key.utf8
    line += "\"}".utf8
    return line
  }

  /// Whether the job has a key of its own. It is parsed only when the name may be in it, perhaps escaped.
  private static func hasKey(_ job: [UInt8]) -> Bool {
    let mayHaveKey = job.withUnsafeBytes { bytes -> Bool in
      guard let start = bytes.baseAddress else { return false }
      if memchr(start, Int32(UInt8(ascii: "\\")), bytes.count) != nil { return true }
      var from = 0
      while let found = memchr(start + from, Int32(UInt8(ascii: "_")), bytes.count - from) {
        let index = UnsafeRawPointer(found) - start
        if index >= before.count, memcmp(start + index - before.count, before, before.count) == 0 { return true }
        from = index + 1
      }
      return false
    }
    guard mayHaveKey else { return false }
    do throws(JSONError) {
      return try JSONDocument(job, limits: JSONLimits(bytes: .max)).root["idempotency_key"] != nil
    } catch {
      return true
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
