/// How the input is written.
enum InputFormat: Equatable, Sendable {
  /// A job as JSON a line.
  case ndjson
  /// A heading, then a row a job, between delimiters of one ASCII character.
  case csv(delimiter: UInt8)

  /// The format that a file's name says; nil when it says none.
  static func guessed(from path: String) -> InputFormat? {
    let name = path.lowercased()
    if [".ndjson", ".jsonl", ".json"].contains(where: name.hasSuffix) { return .ndjson }
    if name.hasSuffix(".csv") { return .csv(delimiter: UInt8(ascii: ",")) }
    if name.hasSuffix(".tsv") { return .csv(delimiter: UInt8(ascii: "\t")) }
    return nil
  }

  /// The stable word for the option and the checkpoint.
  var name: String {
    switch self {
    case .ndjson: "ndjson"
    case .csv(UInt8(ascii: "\t")): "tsv"
    case .csv: "csv"
    }
  }
}
