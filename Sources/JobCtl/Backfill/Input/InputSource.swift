import Glibc
import Sealing
import Service
import Synchronization
import Transport

/// The input's bytes, read ahead on a thread of their own: a pipe that is silent holds up nobody.
@EventLoop
final class InputSource {
  /// The size of the input in bytes; nil when it is a stream.
  let size: Int64?
  private let descriptor: Int32
  private var ready: [Piece] = []
  private var recent: RecentBytes
  private let news: WakeSignal
  private var pump: InputPump?

  private enum Piece {
    case bytes([UInt8])
    case end
    case failure(FileBytes.Failure)
  }

  /// Opens `path`; `-` is standard input.
  ///
  /// - Parameter news: raised when there is something to read.
  init(_ path: String, news: WakeSignal) throws(FileBytes.Failure) {
    let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.failure(errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileBytes.failure(errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileBytes.failure(EISDIR) }
    let isFile = status.st_mode & S_IFMT == S_IFREG && path != "-"
    size = isFile ? Int64(status.st_size) : nil
    self.descriptor = descriptor
    self.news = news
    recent = RecentBytes(offset: 0)
  }

  /// The hash of the input's beginning; no bytes when it is a stream.
  func head() throws(FileBytes.Failure) -> Checkpoint.Excerpt {
    guard let size else { return Checkpoint.Excerpt() }
    return try Self.excerpt(bytes(from: 0, count: Int(min(size, 65_536))))
  }

  /// The hash of what stands before `offset`, which was read before.
  func tail(before offset: Int64) throws(FileBytes.Failure) -> Checkpoint.Excerpt {
    try Self.excerpt(recent.tail(before: offset))
  }

  /// Begins to read at the start.
  func start() { startPump(at: 0) }

  /// Begins to read where a checkpoint says; a stream is read up to there.
  ///
  /// - Returns: the hash of what stands before it, as `tail` told it; nil when the input ends earlier or the wait was ended.
  func start(at offset: Int64, isEnding: () -> Bool) async throws(FileBytes.Failure) -> Checkpoint.Excerpt? {
    if let size {
      guard size >= offset else { return nil }
      let start = max(0, offset - Int64(RecentBytes.reach))
      let before = try bytes(from: start, count: Int(offset - start))
      recent = RecentBytes(offset: start)
      recent.append(before)
      startPump(at: offset)
      return try Self.excerpt(before)
    }
    startPump(at: 0)
    var position: Int64 = 0
    while position < offset {
      guard let chunk = try await next(isEnding: isEnding) else { return nil }
      position += Int64(chunk.count)
      if position > offset {
        let surplus = Int(position - offset)
        ready.insert(.bytes(Array(chunk.suffix(surplus))), at: 0)
        recent = recent.without(last: surplus)
      }
      if position < offset { _ = recent.tail(before: position) }
    }
    return try tail(before: offset)
  }

  /// The next bytes; nil at the end, or when the wait was ended.
  func next(isEnding: () -> Bool) async throws(FileBytes.Failure) -> [UInt8]? {
    while true {
      let seen = news.generation
      if isEnding() { return nil }
      switch ready.first {
      case .bytes(let bytes):
        ready.removeFirst()
        pump?.ask()
        recent.append(bytes)
        return bytes
      case .end: return nil
      case .failure(let failure): throw failure
      case nil: await news.wait(after: seen)
      }
    }
  }

  /// Waits until there is something to read, its end included; false when that is not so by `deadline` of the monotonic
  /// clock.
  func arrives(by deadline: Int64) async -> Bool {
    while ready.isEmpty {
      let left = deadline - MonotonicClock.nowNanoseconds()
      if left <= 0 { return false }
      let seen = news.generation
      let timer = EventLoop.after(.nanoseconds(left)) { self.news.raise() }
      await news.wait(after: seen)
      timer.cancel()
    }
    return true
  }

  private func startPump(at offset: Int64) {
    if size != nil { lseek(descriptor, Int(offset), SEEK_SET) }
    let pump = InputPump(descriptor) { result in
      EventLoop.post {
        switch result {
        case .success(let bytes): self.ready.append(bytes.isEmpty ? .end : .bytes(bytes))
        case .failure(let failure): self.ready.append(.failure(failure))
        }
        self.news.raise()
      }
    }
    self.pump = pump
    pump.start()
    // One is read ahead.
    pump.ask()
    pump.ask()
  }

  private func bytes(from offset: Int64, count: Int) throws(FileBytes.Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress?.advanced(by: filled), count - filled, Int(offset) + filled)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw FileBytes.failure(errno) }
      if got == 0 { break }
      filled += got
    }
    return Array(bytes.prefix(filled))
  }

  private static func excerpt(_ bytes: [UInt8]) throws(FileBytes.Failure) -> Checkpoint.Excerpt {
    if bytes.isEmpty { return Checkpoint.Excerpt() }
    do throws(SealingError) {
      return Checkpoint.Excerpt(bytes: bytes.count, sha256: Hex.string(try Digest.sha256.hash(bytes)))
    } catch {
      throw FileBytes.failure(ENOSYS)
    }
  }
}
