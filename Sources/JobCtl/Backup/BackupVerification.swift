import JSONWire
import Sealing
import Service

/// Sees to it that a backup is as it was written.
enum BackupVerification {
  /// `--verify`: the file against its manifest, its own checksums, and redis-check-rdb where that is installed.
  static func run(_ path: String, isJSON: Bool) throws(ProgramEnd) -> (BackupManifest, ProgramEnd) {
    let manifest = try check(path)
    var checked = "sha256 and manifest"
    switch manifest.format {
    case .dump:
      let reader = try DumpReader(path)
      while try reader.next() != nil {}
      checked += ", \(reader.count) records"
    case .rdb:
      if let tool = ChildProgram.find("redis-check-rdb") {
        let check = try ChildProgram(tool, [path], output: .null)
        guard check.wait() == 0 else {
          throw .failed(.failure, "\(path) is no good snapshot: redis-check-rdb refuses it")
        }
        checked += ", redis-check-rdb"
      } else {
        checked += " (redis-check-rdb is not installed)"
      }
    }
    let text =
      isJSON
      ? String(decoding: manifest.encoded, as: UTF8.self)
      : "\(path): good; \(checked); \(manifest.keys) keys of \(Timestamp(unixMs: manifest.createdMs))\n"
    return (manifest, ProgramEnd(.success, output: text))
  }

  /// Holds the file against its manifest.
  ///
  /// - Throws: exit code 4 when there is no file, 1 when it is not the one that was written.
  static func check(_ path: String) throws(ProgramEnd) -> BackupManifest {
    let file = try FileChunks(path)
    let manifest = try BackupManifest.read(of: path)
    guard file.size == manifest.bytes else {
      throw .failed(.failure, "\(path) has \(file.size) bytes, its manifest says \(manifest.bytes); do not use it")
    }
    while try !file.read(1 << 20).isEmpty {}
    let hash = Hex.string(try file.finish())
    guard hash == manifest.sha256 else {
      throw .failed(
        .failure, "\(path) has the sha256 \(hash), its manifest says \(manifest.sha256); it was changed, do not use it")
    }
    return manifest
  }
}
