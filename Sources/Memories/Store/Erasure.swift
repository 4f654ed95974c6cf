internal import Proofs

/// What a job that forgot a user answered, as it is kept: the count and the nullifiers, a line each.
struct Erasure: Sendable, Equatable {
  let result: ForgetResult

  init(_ result: ForgetResult) { self.result = result }

  init(decoding text: String) throws(MemoryError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let count = Int(lines[0]), count >= lines.count - 1 else { throw .unreadable(part: "erasure record") }
    result = ForgetResult(forgotten: count, nullifiers: try Self.numbers(lines.dropFirst().map(String.init)))
  }

  var encoded: String {
    ([String(result.forgotten)] + result.nullifiers.map(\.decimal)).joined(separator: "\n")
  }

  /// Reads kept nullifiers; an empty one is that of a damaged memory, which has none.
  static func numbers(_ texts: [String]) throws(MemoryError) -> [Fr] {
    do throws(ProofsError) {
      var numbers: [Fr] = []
      for text in texts where !text.isEmpty { numbers.append(try Fr(decimal: text)) }
      return numbers
    } catch {
      throw .unreadable(part: "nullifier")
    }
  }
}
