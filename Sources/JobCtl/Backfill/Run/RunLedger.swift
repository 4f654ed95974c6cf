import Service
import Transport

/// Keeps what a backfill has done where its next life finds it: the checkpoint, and the files that grow.
@EventLoop
final class RunLedger {
  private(set) var checkpoint: Checkpoint
  private let path: String?
  private let source: InputSource
  private var rejects: AppendFile?
  private var journal: AppendFile?
  private var order = CommitOrder<BatchOutcome>()
  /// Gets the jobs that are in once that is noted on the disk.
  private let onAccepted: ([AcceptedJob]) -> Void

  /// Opens the files, and cuts off what is past the checkpoint.
  ///
  /// - Throws: how the program ends when one cannot be opened.
  init(
    _ checkpoint: Checkpoint, _ options: BackfillOptions, _ source: InputSource,
    onAccepted: @escaping ([AcceptedJob]) -> Void
  ) throws(ProgramEnd) {
    self.checkpoint = checkpoint
    self.source = source
    self.onAccepted = onAccepted
    path = options.checkpoint
    if let path = options.rejects {
      rejects = try Self.open(path, length: checkpoint.rejectsBytes, "--rejects")
    }
    if let path = options.journal { journal = try Self.open(path, length: checkpoint.idsBytes, "ids of the run") }
  }

  private static func open(_ path: String, length: Int64, _ what: String) throws(ProgramEnd) -> AppendFile {
    do throws(FileBytes.Failure) {
      return try AppendFile(path, length: length)
    } catch {
      throw .failed(.failure, "\(what) \(path): \(error)")
    }
  }

  /// A batch is done; notes it and all after it that were waiting for it.
  ///
  /// - Throws: how the run fails when that cannot be written.
  func commit(_ number: Int, _ outcome: BatchOutcome, heading: [UInt8]) throws(ProgramEnd) {
    let outcomes = order.ended(number, outcome)
    if outcomes.isEmpty { return }
    checkpoint.heading = heading
    do throws(FileBytes.Failure) {
      for outcome in outcomes { try add(outcome) }
      try save()
    } catch {
      throw .failed(
        .temporaryFailure,
        "what was done cannot be noted on the disk: \(error)\n  make room for \(path ?? "the files"); nothing is lost, as what"
          + " is sent again changes nothing")
    }
    for outcome in outcomes { onAccepted(outcome.accepted) }
  }

  private func add(_ outcome: BatchOutcome) throws(FileBytes.Failure) {
    checkpoint.place = outcome.place
    checkpoint.tally.accepted += outcome.accepted.count
    checkpoint.tally.replayed += outcome.replayed
    checkpoint.tally.rejected += outcome.rejections.count
    if rejects != nil, !outcome.rejections.isEmpty {
      try rejects?.append(outcome.rejections.flatMap(\.json))
      checkpoint.rejectsBytes = rejects?.length ?? 0
    }
    if journal != nil, !outcome.accepted.isEmpty {
      try journal?.append(outcome.accepted.flatMap { Array("\($0.line) \($0.id)\n".utf8) })
      checkpoint.idsBytes = journal?.length ?? 0
    }
  }

  /// Writes the checkpoint, after what it counts is on the disk.
  func save() throws(FileBytes.Failure) {
    checkpoint.tail = try source.tail(before: checkpoint.place.offset)
    guard let path else { return }
    try rejects?.sync()
    try journal?.sync()
    try FileBytes.replace(path, with: checkpoint.encoded)
  }
}
