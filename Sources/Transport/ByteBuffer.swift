import Glibc

/// A growable queue of bytes with one owner: append at the tail, consume at the head.
///
///     |  consumed  |  readable  |  free  |
///     0 <=       head  <=     tail  <=  capacity
///
/// An empty buffer that grew beyond `keptCapacity` gives its memory back, so that 20,000 idle connections stay small.
public struct ByteBuffer: ~Copyable {
  /// An empty buffer up to this size keeps its memory.
  public static let keptCapacity = 4096

  private var base: UnsafeMutableRawPointer?
  private var capacity = 0
  private var head = 0
  private var tail = 0

  /// An empty buffer; `capacity` bytes are allocated at once.
  public init(capacity: Int = 0) {
    if capacity > 0 { reserve(capacity) }
  }

  deinit { base?.deallocate() }

  /// How many bytes are readable.
  public var count: Int { tail - head }

  /// Whether nothing is readable.
  public var isEmpty: Bool { head == tail }

  // MARK: Reading

  /// Lends the readable bytes. Do not call out of `body` to code that may touch this buffer.
  public func withBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    try body(unsafe Span(_unsafeElements: readable))
  }

  /// Lends the readable bytes to a C function.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    body(UnsafeRawBufferPointer(readable))
  }

  private var readable: UnsafeBufferPointer<UInt8> {
    guard let base, tail > head else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: (base + head).assumingMemoryBound(to: UInt8.self), count: tail - head)
  }

  /// Drops the first `count` bytes.
  public mutating func consume(_ count: Int) {
    precondition(count >= 0 && count <= tail - head, "consume beyond the readable bytes")
    head += count
    if head == tail { rewind() }
  }

  /// Drops everything.
  public mutating func removeAll() {
    head = tail
    rewind()
  }

  /// Everything as an array; the buffer is empty afterwards.
  public mutating func takeAll() -> [UInt8] {
    let bytes = Array(readable)
    removeAll()
    return bytes
  }

  private mutating func rewind() {
    head = 0
    tail = 0
    if capacity > Self.keptCapacity {
      base?.deallocate()
      base = nil
      capacity = 0
    }
  }

  // MARK: Writing

  /// Makes room for `count` more bytes.
  ///
  /// - Complexity: amortised O(1) a byte.
  public mutating func reserve(_ count: Int) {
    if capacity - tail >= count { return }
    let used = tail - head
    if let base, used + count <= capacity, head >= used {
      memcpy(base, base + head, used)
    } else {
      let wanted = max(used + count, capacity * 2, 256)
      let grown = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
      if let base {
        memcpy(grown, base + head, used)
        base.deallocate()
      }
      base = grown
      capacity = wanted
    }
    head = 0
    tail = used
  }

  /// Appends a byte.
  public mutating func append(_ byte: UInt8) {
    reserve(1)
    base?.storeBytes(of: byte, toByteOffset: tail, as: UInt8.self)
    tail += 1
  }

  /// Appends raw memory.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    if let base { memcpy(base + tail, source, bytes.count) }
    tail += bytes.count
  }

  /// Appends bytes.
  public mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

  /// Appends bytes.
  public mutating func append(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { append($0) } }

  /// Appends bytes.
  public mutating func append(_ bytes: Span<UInt8>) { bytes.withUnsafeBytes { append($0) } }

  /// Appends the UTF-8 of a literal without a String in between.
  public mutating func append(_ text: StaticString) {
    append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends the UTF-8 of `text`.
  public mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends a number in decimal digits.
  public mutating func append(decimal number: some FixedWidthInteger & SignedInteger) {
    var rest = UInt64(number.magnitude)
    if number < 0 { append(UInt8(ascii: "-")) }
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
      var first = 20
      repeat {
        first -= 1
        digits[first] = UInt8(truncatingIfNeeded: 48 + rest % 10)
        rest /= 10
      } while rest > 0
      append(UnsafeRawBufferPointer(rebasing: digits[first...]))
    }
  }
}
