/// The commands with which a connection begins.
enum Login {
  /// Login and choice of database as every server knows them; nothing for a plain URL.
  ///
  /// - Redis: `AUTH`, `SELECT`, `CLIENT SETNAME`.
  static func commands(for url: RedisURL, name: String? = nil) -> [RedisCommand] {
    var commands: [RedisCommand] = []
    if let password = url.password {
      var command = RedisCommand("AUTH")
      if let user = url.user { command.append(user) }
      command.append(password)
      commands.append(command)
    }
    if url.database != 0 { commands.append(RedisCommand("SELECT", String(url.database))) }
    if let name { commands.append(RedisCommand("CLIENT", "SETNAME", name)) }
    return commands
  }

  /// `text` as the server takes it: printable ASCII without blanks, at most 64 characters; nil when nothing is left.
  static func name(from text: String) -> String? {
    if text.isEmpty { return nil }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.prefix(64).map { (33...126).contains($0.value) ? $0 : "-" }))
  }

  /// The switch to RESP3, with the login and the name in the same command.
  ///
  /// - Redis: `HELLO 3`, since 6.0.
  static func hello(for url: RedisURL, name: String?) -> RedisCommand {
    var command = RedisCommand("HELLO", "3")
    if let password = url.password {
      command.append("AUTH" as StaticString)
      command.append(url.user ?? "default")
      command.append(password)
    }
    if let name {
      command.append("SETNAME" as StaticString)
      command.append(name)
    }
    return command
  }
}
