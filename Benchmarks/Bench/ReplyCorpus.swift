/// Replies as the scripts of the queue give them, in RESP2, which both readers know: hiredis 0.14 has no RESP3.
///
/// The sizes come from a fixed seed, so that every run reads the same bytes.
struct ReplyCorpus {
  private(set) var bytes: [UInt8] = []
  private(set) var replies = 0
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// About `size` bytes of replies.
  init(size: Int) {
    bytes.reserveCapacity(size + 65536)
    while bytes.count < size {
      append()
      replies += 1
    }
  }

  private mutating func append() {
    switch random(100) {
    case 0..<6: appendClaim(jobs: 1 + random(8))
    case 6..<20: appendJob()
    case 20..<35: appendCodes(1 + random(32))
    case 35..<60: append(bulk: 50 + random(950))
    case 60..<85: append(integer: random(1_000_000))
    default: append(line: "+OK")
    }
  }

  /// What a claim answers: the time, whether the queue is paused and has more, the next due time, then the jobs.
  private mutating func appendClaim(jobs: Int) {
    append(line: "*\(4 + jobs)")
    append(integer: 1_790_000_000_000)
    append(integer: 0)
    append(integer: 1)
    append(integer: -1)
    for _ in 0..<jobs {
      append(line: "*3")
      append(text: "proof.01JZ5R3YH8Q1V7WKZ4C9M2XTBD")
      append(integer: 1)
      appendJob()
    }
  }

  /// What HGETALL answers: a map, which RESP2 sends as an array.
  private mutating func appendJob() {
    append(line: "*10")
    for (name, value) in [
      ("kind", "proof.policy"), ("state", "ready"), ("created_ms", "1790000000000"), ("attempts", "0"),
    ] {
      append(text: name)
      append(text: value)
    }
    append(text: "payload")
    append(bulk: 50 + random(950))
  }

  private mutating func appendCodes(_ count: Int) {
    append(line: "*\(count)")
    for _ in 0..<count { append(integer: 1) }
  }

  private mutating func append(bulk count: Int) {
    append(line: "$\(count)")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "a"), count: count))
    append(line: "")
  }

  private mutating func append(text: String) {
    append(line: "$\(text.utf8.count)")
    append(line: text)
  }

  private mutating func append(integer: Int) { append(line: ":\(integer)") }

  private mutating func append(line: String) {
    bytes.append(contentsOf: line.utf8)
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }

  private mutating func random(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }
}
