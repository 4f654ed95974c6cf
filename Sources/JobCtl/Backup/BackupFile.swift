import Glibc
import Sealing
import Service

/// A file that is there whole or not at all: written under another name, flushed to the disk, then renamed.
final class BackupFile {
  let path: String
  /// Bytes so far.
  private(set) var count: Int64 = 0
  /// Why the last write did not succeed.
  private(set) var failure: String?
  private let partial: String
  private var descriptor: Int32
  private var digest: RunningDigest?

  /// Begins a file beside the place where it will be.
  ///
  /// - Throws: exit code 2 when there is a file already, 1 when it cannot be written.
  init(_ path: String) throws(ProgramEnd) {
    guard access(path, F_OK) != 0 else {
      throw .usage("\(path) is there already; choose another name, or move it away first")
    }
    self.path = path
    partial = "\(path).\(getpid()).partial"
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .failed(.failure, "\(partial) cannot be made: \(String(cString: strerror(errno)))")
    }
    do throws(SealingError) {
      digest = try RunningDigest(.sha256)
    } catch {
      close(descriptor)
      unlink(partial)
      throw .failed(.failure, "\(error)")
    }
  }

  deinit { abandon() }

  /// Appends bytes; false when they could not be written, and `failure` says why.
  func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard failure == nil else { return false }
    var rest = bytes
    while !rest.isEmpty {
      let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        failure = String(cString: strerror(errno))
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
    do throws(SealingError) {
      try digest?.update(bytes)
    } catch {
      failure = "\(error)"
      return false
    }
    count += Int64(bytes.count)
    return true
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { write($0) } }

  /// The SHA-256 of everything, in hex; nothing can be written afterwards.
  func finish() throws(ProgramEnd) -> String {
    guard failure == nil, let digest = self.digest.take() else { throw unwritten(failure ?? "it has ended") }
    do throws(SealingError) {
      return Hex.string(try digest.finish())
    } catch {
      throw unwritten("\(error)")
    }
  }

  /// Puts the file in its place, with its manifest before it: where the file is, its manifest is too.
  func commit(manifest: [UInt8]) throws(ProgramEnd) {
    guard fsync(descriptor) == 0 else { throw unwritten(String(cString: strerror(errno))) }
    let manifestPath = BackupManifest.path(of: path)
    do throws(FileBytes.Failure) {
      try FileBytes.replace(manifestPath, with: manifest)
    } catch {
      throw unwritten("\(manifestPath): \(error)")
    }
    guard rename(partial, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(manifestPath)
      throw unwritten(reason)
    }
    close(descriptor)
    descriptor = -1
    let folder = open(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// What an unwritten byte means for the whole.
  func unwritten(_ reason: String) -> ProgramEnd {
    .failed(.failure, "\(path) was not written: \(reason); nothing is left of it")
  }

  /// Takes everything back, unless it was committed.
  func abandon() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
    unlink(partial)
  }
}
