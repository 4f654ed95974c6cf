import Glibc

/// Reads small files whole: secrets, /proc.
public enum FileBytes {
  /// Why a file was not read.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system's words, or what limit was passed; never any content.
    public let description: String

    /// Creates a failure with these words.
    public init(description: String) { self.description = description }
  }

  /// The content of `path`.
  ///
  /// - Throws: when it cannot be opened or read, or holds more than `limit` bytes.
  public static func read(_ path: String, limit: Int = 1 << 20) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var status = stat()
    // Files of /proc say that they have no size.
    if fstat(descriptor, &status) == 0, status.st_size > 0 { content.reserveCapacity(min(Int(status.st_size), limit)) }
    var chunk = [UInt8](repeating: 0, count: status.st_size > 4096 ? 1 << 18 : 4096)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(errno) }
      guard count > 0 else { return content }
      content += chunk[..<count]
      guard content.count <= limit else { throw Failure(description: "it holds more than \(limit) bytes") }
    }
  }

  /// The content as text; bytes that are not UTF-8 become U+FFFD.
  public static func text(_ path: String, limit: Int = 1 << 20) throws(Failure) -> String {
    String(decoding: try read(path, limit: limit), as: UTF8.self)
  }

  /// What the system says of an error number.
  public static func failure(_ code: Int32) -> Failure {
    var buffer = [CChar](repeating: 0, count: 128)
    let words: String? = buffer.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else { return nil }
      return String(cString: start)
    }
    return Failure(description: words ?? "error \(code)")
  }
}
