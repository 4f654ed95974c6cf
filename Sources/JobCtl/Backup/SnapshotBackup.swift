import RedisWire
import Service
import Transport

/// Writes a snapshot to its file as it comes, and tells how far it is.
@EventLoop
final class SnapshotBackup: SnapshotTaker {
  private let file: BackupFile
  private var line = ProgressLine()
  private(set) var origin: SnapshotOrigin?
  private var expected: Int64?

  init(_ file: BackupFile) { self.file = file }

  /// Takes everything over.
  ///
  /// - Throws: exit code 69 when the server does not answer, 1 otherwise; nothing is left of the file then.
  static func run(_ access: RedisAccess, into file: BackupFile) async throws(ProgramEnd) -> SnapshotOrigin {
    let backup = SnapshotBackup(file)
    defer { backup.line.end() }
    do throws(SnapshotError) {
      try await SnapshotReceiver(access.redis, silence: max(access.redis.commandTimeout, .seconds(60)), taker: backup)
        .receive()
    } catch {
      throw backup.end(error, access)
    }
    guard let origin = backup.origin else { throw file.unwritten("the server told no moment of the snapshot") }
    return origin
  }

  private func end(_ error: SnapshotError, _ access: RedisAccess) -> ProgramEnd {
    if let failure = file.failure { return file.unwritten(failure) }
    switch error {
    case .redis(.connect): return .failed(.unavailable, "\(access.name): \(error)")
    case _ where error.isUnsupported:
      return .failed(
        .failure,
        "\(access.name) gives no snapshot: \(error)\n  `--method scan` reads key by key instead, not of one moment")
    default: return file.unwritten("\(access.name): \(error)")
    }
  }

  func snapshotBegan(_ origin: SnapshotOrigin) {
    self.origin = origin
    line.tell { _ in "the server saves" }
  }

  func snapshotAnnounced(_ bytes: Int64?) { expected = bytes }

  func snapshotReceived(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard file.write(bytes) else { return false }
    line.tell { ByteRate.text(file.count, of: expected, seconds: $0) }
    return true
  }
}

/// Bytes and their rate, for people.
enum ByteRate {
  static func text(_ bytes: Int64, of total: Int64?, seconds: Double) -> String {
    let rate = seconds > 0 ? Double(bytes) / seconds / 1_048_576 : 0
    let mebibytes = Double(bytes) / 1_048_576
    let share = total.map { " of \(oneDigit(Double($0) / 1_048_576))" } ?? ""
    return "\(oneDigit(mebibytes))\(share) MiB, \(oneDigit(rate)) MiB/s"
  }

  private static func oneDigit(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "?" }
    let tenths = Int64((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
