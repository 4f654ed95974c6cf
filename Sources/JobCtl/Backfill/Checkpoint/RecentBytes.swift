/// Keeps what was read of the input last, so that the bytes before a place can be told. Pure.
struct RecentBytes {
  /// How many bytes before a place are told, at most.
  static let reach = 4096

  private var chunks: [(start: Int64, bytes: [UInt8])] = []
  private var end: Int64

  /// - Parameter offset: where the first byte stands in the input that is added.
  init(offset: Int64) { end = offset }

  /// Takes the bytes that follow.
  mutating func append(_ bytes: [UInt8]) {
    if bytes.isEmpty { return }
    chunks.append((end, bytes))
    end += Int64(bytes.count)
  }

  /// The bytes before `offset`, at most `reach`, fewer when they were not read; forgets all before them.
  mutating func tail(before offset: Int64) -> [UInt8] {
    let start = offset - Int64(Self.reach)
    chunks.removeAll { $0.start + Int64($0.bytes.count) <= start }
    var bytes: [UInt8] = []
    for chunk in chunks where chunk.start < offset {
      let low = max(0, start - chunk.start)
      let high = min(Int64(chunk.bytes.count), offset - chunk.start)
      if low < high { bytes += chunk.bytes[Int(low)..<Int(high)] }
    }
    return bytes
  }

  /// As if its last bytes had not been added yet.
  func without(last count: Int) -> RecentBytes {
    var shorter = self
    var left = count
    while left > 0, let chunk = shorter.chunks.popLast() {
      shorter.end = chunk.start
      if chunk.bytes.count > left {
        shorter.append(Array(chunk.bytes.dropLast(left)))
        break
      }
      left -= chunk.bytes.count
    }
    return shorter
  }
}
