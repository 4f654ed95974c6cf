extension ConfigurationReader {
  /// A secret: the variable NAME, or the content of the file that NAME_FILE or the flag `--name-file` names; nil when none is
  /// set. Both are a problem, and so is `--name`, as other users see command lines.
  ///
  /// The value is never shown.
  public mutating func secret(_ name: String, _ meaning: String) -> Secret? {
    let fileName = name + "_FILE"
    know(fileName)
    refuseOnCommandLine(name)
    let direct = environment[name].flatMap { $0.isEmpty ? nil : $0 }
    let file = takeFile(fileName)
    if direct != nil, file != nil {
      addProblem("config: \(name) and \(fileName) are both set: expected one of them")
      declareSecret(name, meaning, isSet: true, origin: .environment)
      return nil
    }
    guard let file else {
      declareSecret(name, meaning, isSet: direct != nil, origin: direct == nil ? .standard : .environment)
      return direct.map(Secret.init)
    }
    declareSecret(name, meaning, isSet: true, origin: .file)
    do {
      let secret = Secret(fileContent: try readFile(file.text))
      if secret.bytes.isEmpty {
        reject(fileName, shown: file.text, expected: "a file that is not empty", from: file.origin)
        return nil
      }
      return secret
    } catch {
      reject(fileName, shown: file.text, expected: "the path of a file that can be read (\(error))", from: file.origin)
      return nil
    }
  }

  private mutating func refuseOnCommandLine(_ name: String) {
    let flag = Setting.flag(for: name)
    guard flags.take(flag) != nil else { return }
    addProblem("config: \(flag) is refused, as other users see command lines: expected \(flag)-file or \(name)")
  }

  private mutating func takeFile(_ fileName: String) -> Given? {
    let flag = Setting.flag(for: fileName)
    switch flags.take(flag) {
    case .text(let path): return Given(text: path, origin: .flag)
    case CommandLineFlags.Value.none?: addProblem("config: \(flag) needs a value: expected the path of a file")
    case nil: break
    }
    return environment[fileName].flatMap { $0.isEmpty ? nil : Given(text: $0, origin: .environment) }
  }
}
