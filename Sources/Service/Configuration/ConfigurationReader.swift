/// Reads the settings of a program: flag over environment over default, all problems at once.
///
/// Each read declares a setting (`--help` and `--print-config` come from the declarations) and returns its value; after a
/// problem it returns the default, so that reading goes on. An empty environment variable counts as not set.
///
/// ```swift
/// struct Settings {
///   let port: Int
///   let lease: Duration
///   init(_ reader: inout ConfigurationReader) {
///     port = reader.int("PORT", "HTTP port; 0 takes a free one", default: 4000, in: 0...65535)
///     lease = reader.duration("LEASE", "right to run a job", default: .seconds(15), in: .seconds(1)...(.seconds(3600)))
///   }
/// }
/// ```
public struct ConfigurationReader {
  /// Reads a file's content; tests give their own.
  public typealias FileReader = (_ path: String) throws(FileBytes.Failure) -> [UInt8]

  /// What a setting was given.
  struct Given {
    let text: String
    let origin: Setting.Origin
  }

  var flags: CommandLineFlags
  let environment: [String: String]
  let readFile: FileReader
  /// All declarations so far.
  private(set) var settings: [Setting] = []
  /// Names that are known beside those of the settings.
  private(set) var otherNames: Set<String> = []
  /// Whole lines.
  private(set) var problems: [String] = []
  /// Whole lines.
  private(set) var notices: [String] = []
  private var section: String?

  init(arguments: [String], environment: [String: String], readFile: @escaping FileReader) {
    flags = CommandLineFlags(arguments)
    self.environment = environment
    self.readFile = readFile
  }

  /// Puts the settings that follow under a heading in `--help`.
  public mutating func section(_ title: String) { section = title }

  /// Names variables that another program of the house reads, so that they are not taken for misspelt ones.
  public mutating func passOver(_ names: String...) { otherNames.formUnion(names) }

  /// Records a problem of a declared setting that only shows beside others (two ports that are equal).
  public mutating func reject(_ name: String, expected: String) {
    guard let setting = settings.first(where: { $0.name == name }) else {
      return problems.append("config: \(name) is not valid: expected \(expected)")
    }
    reject(name, shown: setting.isSecret ? nil : setting.shown, expected: expected, from: setting.origin)
  }

  /// Records that a declared setting must be set and is not.
  public mutating func missing(_ name: String, because reason: String) {
    let isSecret = settings.first { $0.name == name }?.isSecret ?? false
    problems.append("config: \(name) is missing: \(reason); set \(name)\(isSecret ? " or \(name)_FILE" : "")")
  }

  /// Adds a line that is printed before the program runs.
  public mutating func notice(_ text: String) { notices.append("config: " + text) }

  /// Reads one setting; nil when it is not set and has no default.
  ///
  /// - Parameters:
  ///   - standard: the default, which `parse` must accept.
  ///   - alias: another variable that is read when this one is not set.
  ///   - show: how a value may be printed.
  ///   - parse: the value of a text, or nil when it is not valid.
  mutating func read<Value>(
    _ name: String, _ meaning: String, standard: String?, expected: String, alias: String? = nil,
    isBoolean: Bool = false, show: (String) -> String = { $0 }, parse: (String) -> Value?
  ) -> Value? {
    let given = take(name, alias: alias, isBoolean: isBoolean, expected: expected)
    let text = given?.text ?? standard
    declare(
      Setting(
        name: name, meaning: meaning, standard: standard.map(show), isSecret: false, section: section,
        shown: text.map(show), origin: given?.origin ?? .standard))
    if let given {
      if let value = parse(given.text) { return value }
      reject(name, shown: show(given.text), expected: expected, from: given.origin)
    }
    return standard.flatMap(parse)
  }

  mutating func declare(_ setting: Setting) {
    precondition(!settings.contains { $0.name == setting.name }, "the setting \(setting.name) is declared twice")
    settings.append(setting)
  }

  mutating func declareSecret(_ name: String, _ meaning: String, isSet: Bool, origin: Setting.Origin) {
    declare(
      Setting(
        name: name, meaning: meaning, standard: nil, isSecret: true, section: section,
        shown: isSet ? "[redacted]" : nil, origin: origin))
  }

  mutating func addProblem(_ line: String) { problems.append(line) }

  mutating func know(_ name: String) { otherNames.insert(name) }

  mutating func reject(_ name: String, shown: String?, expected: String, from origin: Setting.Origin) {
    let value = shown.map { "=\"\(Setting.printable($0))\"" } ?? ""
    problems.append("config: \(name)\(value) is not valid: expected \(expected) (from \(origin.rawValue))")
  }

  private mutating func take(_ name: String, alias: String?, isBoolean: Bool, expected: String) -> Given? {
    let flag = Setting.flag(for: name)
    switch flags.take(flag, accepts: { isBoolean ? BooleanWord.parse($0) != nil : true }) {
    case .text(let text): return Given(text: text, origin: .flag)
    case CommandLineFlags.Value.none? where isBoolean: return Given(text: "true", origin: .flag)
    case CommandLineFlags.Value.none?: problems.append("config: \(flag) needs a value: expected \(expected)")
    case nil: break
    }
    if let alias { know(alias) }
    if let text = environment[name], !text.isEmpty { return Given(text: text, origin: .environment) }
    if let alias, let text = environment[alias], !text.isEmpty {
      notice("\(alias) is read as \(name)")
      return Given(text: text, origin: .environment)
    }
    return nil
  }
}
