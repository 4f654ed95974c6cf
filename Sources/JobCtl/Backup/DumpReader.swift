import Service

/// Reads the records of a backup by scan one after the other, and sees to it that the file is whole.
final class DumpReader {
  private let file: FileChunks
  private(set) var count: Int64 = 0
  private var isOver = false

  /// Bytes read so far, and all of them.
  var progress: (done: Int64, total: Int64) { (file.position, file.size) }

  /// - Throws: exit code 1 when it is not such a file.
  init(_ path: String) throws(ProgramEnd) {
    file = try FileChunks(path)
    guard try file.read(DumpRecords.head.count) == DumpRecords.head else {
      throw .failed(.failure, "\(path) is no backup by scan: it does not begin with \"WhisperCache dump 1\"")
    }
  }

  /// The next key; nil after the last one, when count and checksum are right.
  ///
  /// - Throws: exit code 1 for a file that is cut short or changed.
  func next() throws(ProgramEnd) -> DumpRecords.Record? {
    if isOver { return nil }
    let length = DumpRecords.number(try exactly(4)[...])
    if length == 0 {
      try end()
      return nil
    }
    guard length <= DumpRecords.longest, let record = DumpRecords.Record(try exactly(Int(length))) else {
      throw damaged("record \(count + 1) is none")
    }
    count += 1
    return record
  }

  private func end() throws(ProgramEnd) {
    guard DumpRecords.number(try exactly(8)[...]) == UInt64(max(0, count)) else { throw damaged("records are missing") }
    let digest = try file.finish()
    let kept = try file.read(DumpRecords.digestLength + 1, isDigested: false)
    guard kept == digest else { throw damaged("the checksum at its end is another one") }
    isOver = true
  }

  private func exactly(_ count: Int) throws(ProgramEnd) -> [UInt8] {
    let bytes = try file.read(count)
    guard bytes.count == count else { throw damaged("it ends in the middle of a record") }
    return bytes
  }

  private func damaged(_ what: String) -> ProgramEnd {
    .failed(.failure, "\(file.path) is damaged: \(what), at byte \(file.position)")
  }
}
