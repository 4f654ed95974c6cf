import Glibc

extension FileBytes {
  /// Puts a file in place of what is at `path`, at once: a reader sees the old content or the new one, also after a
  /// crash. Only the owner may read it.
  ///
  /// - Throws: when it cannot be written; what was there is as it was.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(errno) }
    let cause = write(bytes, to: descriptor) ?? (fsync(descriptor) == 0 ? nil : errno)
    close(descriptor)
    if let cause {
      unlink(temporary)
      throw failure(cause)
    }
    guard rename(temporary, path) == 0 else {
      let cause = errno
      unlink(temporary)
      throw failure(cause)
    }
    let folder = open(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  /// Writes all; the error's number when it cannot.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return errno }
      rest.removeFirst(count)
    }
    return nil
  }
}
