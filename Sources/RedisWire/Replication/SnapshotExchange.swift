import Glibc

/// The talk by which a server hands out its data once, as to a new replica; bytes in, actions out.
///
/// After `REPLCONF capa eof`, `REPLCONF rdb-only 1` (no changes follow) and `PSYNC ? -1` the server saves, sends line ends as
/// signs of life meanwhile, then `$n` and n bytes from a file, or `$EOF:` and a mark of 40 bytes, the data as it is made, and
/// the mark again.
///
/// - Source: https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
struct SnapshotExchange {
  /// What to do.
  enum Action: Sendable, Equatable {
    /// Send the command.
    case send(Step)
    /// The server began to save.
    case began(SnapshotOrigin)
    /// So many bytes will come; nil when nobody knows.
    case announced(Int64?)
    /// The first `count` bytes of what was given are data.
    case content(count: Int)
  }

  /// The commands of a client, in their order.
  enum Step: Sendable, Equatable {
    case login(Int)
    case capabilities
    case snapshotOnly
    case synchronise
  }

  private enum State {
    /// The answer of a command. Next: the same of the next command, `saving`.
    case answer(Step)
    /// The server saves. Next: `counted`, `marked`.
    case saving
    /// So many bytes are missing. Next: `over`.
    case counted(Int64)
    /// Data until the mark comes. Next: `over`.
    case marked([UInt8])
    /// Nothing more counts.
    case over
  }

  private static let longestLine = 1024
  private static let markLength = 40

  private let logins: Int
  private var state: State
  /// Bytes of data so far.
  private(set) var received: Int64 = 0
  /// Bytes of data that there will be, once that is known.
  private(set) var expected: Int64?

  /// - Parameter logins: how many commands of the login go first.
  init(logins: Int) {
    self.logins = logins
    state = .answer(logins > 0 ? .login(0) : .capabilities)
  }

  /// The command with which it begins.
  var first: Step { logins > 0 ? .login(0) : .capabilities }

  var isOver: Bool {
    if case .over = state { return true }
    return false
  }

  /// Takes what it can from the front of `bytes`.
  ///
  /// - Parameter consumed: how many of them are done with, data included.
  /// - Returns: nil when more bytes are needed.
  mutating func receive(_ bytes: UnsafeRawBufferPointer, consumed: inout Int) throws(SnapshotError) -> Action? {
    consumed = 0
    switch state {
    case .over: return nil
    case .counted(let left):
      guard bytes.count > 0 else { return nil }
      return take(Int(min(left, Int64(bytes.count))), consumed: &consumed)
    case .marked(let mark): return takeUntil(mark, bytes, consumed: &consumed)
    case .answer, .saving:
      while let line = try Self.line(UnsafeRawBufferPointer(rebasing: bytes[consumed...])) {
        consumed += line.count
        let text = String(decoding: line.dropLast(line.suffix(2).first == 13 ? 2 : 1), as: UTF8.self)
        if text.isEmpty { continue }  // a sign of life
        if text.hasPrefix("-") { throw .redis(RedisError(RedisServerError(line: String(text.dropFirst())))) }
        if case .answer(let command) = state { return try answered(command, text) }
        return try announced(text)
      }
      return nil
    }
  }

  private mutating func take(_ count: Int, consumed: inout Int) -> Action {
    consumed = count
    received += Int64(count)
    if case .counted(let left) = state { state = .counted(left - Int64(count)) }
    if case .counted(0) = state { state = .over }
    return .content(count: count)
  }

  private mutating func takeUntil(_ mark: [UInt8], _ bytes: UnsafeRawBufferPointer, consumed: inout Int) -> Action? {
    if let count = Self.place(of: mark, in: bytes) {
      received += Int64(count)
      state = .over
      consumed = count + mark.count
      return .content(count: count)
    }
    // The last bytes may be the beginning of the mark.
    let count = bytes.count - (mark.count - 1)
    guard count > 0 else { return nil }
    received += Int64(count)
    consumed = count
    return .content(count: count)
  }

  private static func place(of mark: [UInt8], in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress, let first = mark.first else { return nil }
    var place = 0
    while bytes.count - place >= mark.count {
      guard let found = memchr(start + place, Int32(first), bytes.count - place - (mark.count - 1)) else { return nil }
      place = UnsafeRawPointer(found) - start
      if mark.withUnsafeBytes({ memcmp(start + place, $0.baseAddress ?? start, $0.count) }) == 0 { return place }
      place += 1
    }
    return nil
  }

  private mutating func answered(_ command: Step, _ line: String) throws(SnapshotError) -> Action {
    switch command {
    case .login(let index):
      guard line.hasPrefix("+OK") else { throw .malformed("+OK after the login") }
      return send(index + 1 < logins ? .login(index + 1) : .capabilities)
    case .capabilities, .snapshotOnly:
      guard line.hasPrefix("+OK") else { throw .malformed("+OK after REPLCONF") }
      return send(command == .capabilities ? .snapshotOnly : .synchronise)
    case .synchronise:
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "+FULLRESYNC", words[1].utf8.count == 40, let offset = Int64(words[2]) else {
        throw .malformed("+FULLRESYNC with an id and an offset")
      }
      state = .saving
      return .began(SnapshotOrigin(replicationID: String(words[1]), offset: offset))
    }
  }

  private mutating func send(_ command: Step) -> Action {
    state = .answer(command)
    return .send(command)
  }

  private mutating func announced(_ line: String) throws(SnapshotError) -> Action {
    if line.hasPrefix("$EOF:") {
      let mark = Array(line.utf8.dropFirst(5))
      guard mark.count == Self.markLength else { throw .malformed("a mark of 40 bytes after $EOF:") }
      state = .marked(mark)
      return .announced(nil)
    }
    guard line.hasPrefix("$"), let count = Int64(line.dropFirst()), count > 0 else {
      throw .malformed("$ and the count of bytes")
    }
    expected = count
    state = .counted(count)
    return .announced(count)
  }

  private static func line(_ bytes: UnsafeRawBufferPointer) throws(SnapshotError) -> ArraySlice<UInt8>? {
    let head = bytes.prefix(longestLine)
    guard let end = head.firstIndex(of: 10) else {
      if bytes.count >= longestLine { throw .malformed("a line of less than \(longestLine) bytes") }
      return nil
    }
    return Array(head[head.startIndex...end])[...]
  }
}
