/// A place in what one process has heard: the `id` of an event, which a reader sends back as Last-Event-ID.
struct EventPosition: Sendable, Hashable, CustomStringConvertible {
  /// Which process counts; another one, or the same after a start, has heard other changes.
  let epoch: UInt64
  /// How far the process had counted.
  let number: UInt64

  /// `<epoch>-<number>`: sixteen hexadecimal digits and a decimal number.
  var description: String {
    let digits = String(epoch, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + "-" + String(number)
  }

  init(epoch: UInt64, number: UInt64) {
    self.epoch = epoch
    self.number = number
  }

  /// Reads the text; nil for any other, as readers send what they like.
  init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 40 else { return nil }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = UInt64(parts[0], radix: 16), let number = UInt64(parts[1]) else { return nil }
    self.init(epoch: epoch, number: number)
    // Signs and zeros in front are other texts of the same numbers.
    guard description == text else { return nil }
  }
}
