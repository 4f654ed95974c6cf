import Glibc
import Sealing
import Service

/// Reads a file from its beginning, with the SHA-256 of what was read.
final class FileChunks {
  let path: String
  /// Bytes in the file.
  let size: Int64
  /// Bytes handed out.
  private(set) var position: Int64 = 0
  private let descriptor: Int32
  private var digest: RunningDigest?

  /// - Throws: exit code 4 when there is no such file, 1 when it cannot be read.
  init(_ path: String) throws(ProgramEnd) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .failed(
        errno == ENOENT ? .notFound : .failure, "\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .failed(.failure, "\(path) is not a file")
    }
    size = Int64(status.st_size)
    do throws(SealingError) {
      digest = try RunningDigest(.sha256)
    } catch {
      close(descriptor)
      throw .failed(.failure, "\(error)")
    }
  }

  deinit { close(descriptor) }

  /// The next `count` bytes, fewer at the end.
  ///
  /// - Parameter isDigested: false for the checksum itself.
  func read(_ count: Int, isDigested: Bool = true) throws(ProgramEnd) -> [UInt8] {
    guard count > 0 else { return [] }
    // Not more than there is: the count may come from a damaged file.
    let wanted = Int(min(Int64(count), max(0, size - position)))
    var bytes = [UInt8](repeating: 0, count: wanted)
    var filled = 0
    while filled < wanted {
      let got = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), wanted - filled)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw .failed(.failure, "\(path) cannot be read: \(String(cString: strerror(errno)))") }
      if got == 0 { break }
      filled += got
    }
    bytes.removeLast(wanted - filled)
    position += Int64(filled)
    guard isDigested else { return bytes }
    do throws(SealingError) {
      try digest?.update(bytes)
    } catch {
      throw .failed(.failure, "\(error)")
    }
    return bytes
  }

  /// The SHA-256 of all digested bytes; once.
  func finish() throws(ProgramEnd) -> [UInt8] {
    guard let digest = self.digest.take() else { return [] }
    do throws(SealingError) { return try digest.finish() } catch { throw .failed(.failure, "\(error)") }
  }
}
