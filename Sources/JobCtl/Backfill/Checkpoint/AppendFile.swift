import Glibc
import Service

/// A file that grows at its end, readable by its owner alone.
final class AppendFile {
  private let descriptor: Int32
  /// Its length in bytes.
  private(set) var length: Int64

  /// Opens `path`, makes it if it is not there, and cuts it to `length`: what follows was written by a run that did not live
  /// to note it.
  ///
  /// - Throws: when that does not work, or it is shorter than `length`.
  init(_ path: String, length: Int64) throws(FileBytes.Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileBytes.failure(errno) }
    var status = stat()
    let isOpen = fstat(descriptor, &status) == 0
    let isShort = isOpen && Int64(status.st_size) < length
    guard isOpen, !isShort, ftruncate(descriptor, Int(length)) == 0,
      lseek(descriptor, Int(length), SEEK_SET) == Int(length)
    else {
      let cause =
        isShort
        ? FileBytes.Failure(description: "it has \(status.st_size) bytes, and \(length) were noted")
        : FileBytes.failure(errno)
      close(descriptor)
      throw cause
    }
    self.descriptor = descriptor
    self.length = length
  }

  deinit { close(descriptor) }

  /// Writes all of it.
  func append(_ bytes: [UInt8]) throws(FileBytes.Failure) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileBytes.failure(errno) }
      written += count
      length += Int64(count)
    }
  }

  /// Waits until it is on the disk.
  func sync() throws(FileBytes.Failure) {
    guard fsync(descriptor) == 0 else { throw FileBytes.failure(errno) }
  }
}
