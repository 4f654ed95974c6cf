/// The command line: a measurement's name, then `--name value` pairs.
struct Arguments {
  let command: String
  private var values: [String: String] = [:]

  init(_ words: some Sequence<String>) throws {
    var words = words.makeIterator()
    guard let command = words.next() else { throw BenchError("name a measurement: see Benchmarks/README.md") }
    self.command = command
    while let name = words.next() {
      guard name.hasPrefix("--"), let value = words.next() else { throw BenchError("\(name): expected --name value") }
      values[String(name.dropFirst(2))] = value
    }
  }

  func text(_ name: String) throws -> String {
    guard let value = values[name] else { throw BenchError("--\(name) is missing") }
    return value
  }

  func optionalText(_ name: String) -> String? { values[name] }

  func int(_ name: String, default standard: Int) throws -> Int {
    guard let text = values[name] else { return standard }
    guard let value = Int(text), value > 0 else { throw BenchError("--\(name) \(text): expected a number above 0") }
    return value
  }

  func seconds(_ name: String, default standard: Double) throws -> Double {
    guard let text = values[name] else { return standard }
    guard let value = Double(text), value > 0 else { throw BenchError("--\(name) \(text): expected seconds above 0") }
    return value
  }
}
