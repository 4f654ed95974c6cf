import Glibc
import Sealing
import Service
import Transport

/// Begins a backfill, anew or from its checkpoint.
@EventLoop
enum BackfillStart {
  /// Refuses to begin where something would be lost, and to go on where there is nothing to go on from.
  ///
  /// - Throws: exit code 2 for a checkpoint that is there, or a file that holds something; 4 for a missing checkpoint.
  static func check(_ options: BackfillOptions) throws(ProgramEnd) {
    if options.isResuming {
      guard let path = options.checkpoint, access(path, F_OK) != 0 else { return }
      throw .failed(
        .notFound,
        "there is no checkpoint \(path): that backfill has ended, or did not begin\n  leave --resume out to begin one")
    }
    if !options.isDryRun, let path = options.checkpoint, access(path, F_OK) == 0 {
      throw .usage(
        "\(path) is there: an earlier backfill of this input has not ended\n  add --resume to go on from it, or delete it to"
          + " begin anew, which puts all jobs in again")
    }
    for (name, path) in [("rejects", options.rejects), ("wait", options.results)] {
      guard let path else { continue }
      var status = stat()
      if stat(path, &status) == 0, status.st_size > 0 {
        throw .usage("--\(name) \(path) holds something already; name another file, or move it away")
      }
    }
  }

  /// A new run, whose input is read from its start.
  static func begin(_ options: BackfillOptions, _ source: InputSource) throws(ProgramEnd) -> Checkpoint {
    let run: String
    do throws(SealingError) {
      run = Hex.string(try SecureRandom.bytes(16))
    } catch {
      throw .failed(.failure, "there is no random number for the run: \(error)")
    }
    do throws(FileBytes.Failure) {
      let head = try source.head()
      source.start()
      return Checkpoint(run: run, settings: options.settings, size: source.size, head: head)
    } catch {
      throw .failed(.failure, "\(options.input): \(error)")
    }
  }

  /// The run of a checkpoint, whose input is read on from there.
  ///
  /// - Throws: exit code 1 when it cannot be read, or is not of this backfill.
  static func resume(
    _ options: BackfillOptions, _ path: String, _ source: InputSource, _ control: RunControl
  ) async throws(ProgramEnd) -> Checkpoint {
    let checkpoint: Checkpoint
    do throws(Checkpoint.Failure) {
      checkpoint = try Checkpoint(encoded: try read(path))
    } catch {
      throw .failed(.failure, "\(path) cannot be resumed: \(error.text)")
    }
    let mismatch: String?
    do throws(FileBytes.Failure) {
      let head = try source.head()
      let tail = try await source.start(at: checkpoint.place.offset) { control.isEnding }
      if control.isEnding {
        throw FileBytes.Failure(description: "the wait for byte \(checkpoint.place.offset) was ended")
      }
      mismatch = checkpoint.mismatch(settings: options.settings, size: source.size, head: head, tail: tail)
    } catch {
      // The checkpoint must stay as it is: what stands before its place has not been seen.
      throw .failed(control.isEnding ? .interrupted : .failure, "\(options.input): \(error)")
    }
    guard let mismatch else { return checkpoint }
    throw .failed(
      .failure,
      "\(path) is not of this backfill: \(mismatch)\n  give the same input and options, or delete the checkpoint to begin"
        + " anew, which puts all jobs in again")
  }

  private static func read(_ path: String) throws(Checkpoint.Failure) -> [UInt8] {
    do throws(FileBytes.Failure) {
      return try FileBytes.read(path, limit: 8 << 20)
    } catch {
      throw .unreadable("\(error)")
    }
  }
}
