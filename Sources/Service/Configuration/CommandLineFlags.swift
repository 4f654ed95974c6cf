/// The arguments of a program: flags with values, in any order, and operands.
///
/// Which flags exist and which take a value is known only as settings are declared, so that each declaration takes its own; what
/// is left at the end is unknown. The last of several counts. `--` ends the flags.
struct CommandLineFlags {
  /// What a flag was given.
  enum Value: Equatable {
    /// `--name=text` or `--name text`.
    case text(String)
    /// `--name` with nothing that could be its value.
    case none
  }

  private var tokens: [String?]
  private let endOfFlags: Int

  init(_ arguments: [String]) {
    tokens = arguments
    endOfFlags = arguments.firstIndex(of: "--") ?? arguments.count
    if endOfFlags < arguments.count { tokens[endOfFlags] = nil }
  }

  /// Takes a flag without a value; true when it was there.
  mutating func takeSwitch(_ name: String) -> Bool {
    var isPresent = false
    for index in 0..<endOfFlags where tokens[index] == name {
      tokens[index] = nil
      isPresent = true
    }
    return isPresent
  }

  /// Takes a flag with its value; nil when it was not there.
  ///
  /// - Parameter accepts: whether a separate argument can be the value; a boolean flag leaves other words alone.
  mutating func take(_ flag: String, accepts: (String) -> Bool = { _ in true }) -> Value? {
    var value: Value?
    for index in 0..<endOfFlags {
      guard let token = tokens[index] else { continue }
      if token == flag {
        tokens[index] = nil
        value = Value.none
        if index + 1 < endOfFlags, let next = tokens[index + 1], !next.hasPrefix("--"), accepts(next) {
          tokens[index + 1] = nil
          value = .text(next)
        }
      } else if token.hasPrefix(flag + "=") {
        tokens[index] = nil
        value = .text(String(token.dropFirst(flag.count + 1)))
      }
    }
    return value
  }

  /// Takes what is left: flags that nobody has declared, without their values, and operands.
  ///
  /// - Parameter swallowing: whether the word after an unknown flag is taken to be its value.
  mutating func takeRest(swallowing: Bool) -> (unknown: [String], operands: [String]) {
    var unknown: [String] = []
    var operands: [String] = []
    var index = 0
    while index < tokens.count {
      defer { index += 1 }
      guard let token = tokens[index] else { continue }
      guard index < endOfFlags, token.hasPrefix("-"), token != "-", Int(token) == nil else {
        operands.append(token)
        continue
      }
      unknown.append(String(token.prefix { $0 != "=" }))
      let isBare = !token.contains("=")
      if isBare, swallowing, index + 1 < endOfFlags, let next = tokens[index + 1], !next.hasPrefix("-") { index += 1 }
    }
    tokens = []
    return (unknown, operands)
  }
}
