import RedisWire
import Service
import Transport

/// The server that is to be filled: empty, made a replica for as long as it takes, and a master again whatever happens.
@EventLoop
struct ReplicaTarget {
  private let client: RedisClient
  private let name: String
  private let control: RestoreControl
  private let formerLogin: [(name: String, value: String)]

  /// Sees to it that it can be filled; changes nothing.
  ///
  /// - Throws: exit code 1 when it holds keys, is a replica or part of a Cluster, or refuses what is needed.
  init(_ client: RedisClient, name: String, _ control: RestoreControl) async throws(ProgramEnd) {
    (self.client, self.name, self.control) = (client, name, control)
    let facts: ServerFacts
    let login: [String: String]
    do throws(RedisError) {
      facts = try await ServerFacts(client)
      login = try await Self.configuration(client, ["masteruser", "masterauth", "tls-replication"])
    } catch {
      throw .redis(error, at: name)
    }
    guard facts.keys == 0 else { throw Self.notEmpty(name, facts.keys) }
    guard facts["role"] == "master" else {
      throw .failed(.failure, "\(name) is a replica; restore into its master, or REPLICAOF NO ONE first")
    }
    guard facts["cluster_enabled"] != "1" else {
      throw .failed(.failure, "\(name) is part of a Cluster; restore a backup of --method scan into it")
    }
    guard login["tls-replication"] != "yes" else {
      throw .failed(
        .failure, "\(name) replicates over TLS alone; CONFIG SET tls-replication no for the time of the restore")
    }
    formerLogin = ["masteruser", "masterauth"].map { ($0, login[$0] ?? "") }
  }

  static func notEmpty(_ name: String, _ keys: Int64) -> ProgramEnd {
    .failed(
      .failure, "\(name) holds \(keys) keys; restore into an empty server alone, so that nothing is lost or mixed")
  }

  /// Takes all data of `source`, and is a master of its own afterwards, also when that fails.
  ///
  /// - Returns: how many keys it holds.
  func fill(from source: SourceServer) async throws(ProgramEnd) -> Int64 {
    let facts = try await facts()
    guard facts.keys == 0 else { throw Self.notEmpty(name, facts.keys) }
    let failure: ProgramEnd?
    do throws(ProgramEnd) {
      try await ask(RedisCommand("CONFIG", "SET", "masteruser", "", "masterauth", source.password))
      try await ask(RedisCommand("REPLICAOF", source.host, "\(source.port)"))
      try await waitUntilEqual(source)
      failure = nil
    } catch {
      failure = error
    }
    control.tell("making the target a master again")
    do throws(ProgramEnd) {
      try await ask(RedisCommand("REPLICAOF", "NO", "ONE"))
      for (name, value) in formerLogin { try await ask(RedisCommand("CONFIG", "SET", name, value)) }
    } catch {
      throw ProgramEnd(
        (failure ?? error).code,
        errors: (failure?.errors ?? "") + error.errors
          + "jobctl: \(name) may still be a replica: say REPLICAOF NO ONE there, and look at masteruser and masterauth\n"
      )
    }
    let keys = try await self.facts().keys
    guard let failure else { return keys }
    throw ProgramEnd(
      failure.code, errors: failure.errors + "jobctl: \(name) is a master again and holds \(keys) keys\n")
  }

  /// What of it survives its end; for people.
  func persistence() async throws(ProgramEnd) -> String {
    let settings: [String: String]
    do throws(RedisError) {
      settings = try await Self.configuration(client, ["appendonly", "appendfsync", "save"])
    } catch {
      throw .redis(error, at: name)
    }
    if settings["appendonly"] == "yes" { return "an append-only file, appendfsync \(settings["appendfsync"] ?? "?")" }
    let save = settings["save"] ?? ""
    return save.isEmpty ? "nothing; set appendonly yes" : "snapshots alone (save \(save)); set appendonly yes"
  }

  /// Link up, and the same keys in each database at the same place of the stream.
  private func waitUntilEqual(_ source: SourceServer) async throws(ProgramEnd) {
    var seen = ""
    var since = ContinuousClock.now
    while true {
      try control.check()
      let mine = try await facts()
      let its: ServerFacts
      do throws(RedisError) { its = try await ServerFacts(source.client) } catch {
        throw .redis(error, at: "the temporary server")
      }
      let isUp = mine["master_link_status"] == "up" && mine["master_sync_in_progress"] == "0"
      if isUp, mine.keyspace == its.keyspace, mine["slave_repl_offset"] == its["master_repl_offset"] { return }
      let state =
        ["master_link_status", "master_sync_in_progress", "master_sync_read_bytes", "loading_loaded_bytes"]
        .map { mine[$0] ?? "-" }.joined(separator: " ") + " \(mine.keys)"
      if state != seen { (seen, since) = (state, .now) }
      guard ContinuousClock.now - since < .seconds(30) else {
        throw .failed(
          .failure,
          "\(name) does not get on with taking the data from \(source.host):\(source.port);"
            + " --listen must be an address of this machine that it can reach, and its log says more")
      }
      control.tell("\(mine.keys) of \(its.keys) keys")
      await control.pause()
    }
  }

  private func facts() async throws(ProgramEnd) -> ServerFacts {
    do throws(RedisError) { return try await ServerFacts(client) } catch { throw .redis(error, at: name) }
  }

  private func ask(_ command: RedisCommand) async throws(ProgramEnd) {
    do throws(RedisError) { _ = try await client.execute(command) } catch { throw .redis(error, at: name) }
  }

  private static func configuration(
    _ client: RedisClient, _ names: [String]
  ) async throws(RedisError) -> [String: String] {
    var values: [String: String] = [:]
    for name in names {
      let reply = try await client.execute(RedisCommand("CONFIG", "GET", name))
      if let pairs = reply.pairs, let value = pairs[name]?.string { values[name] = value }
    }
    return values
  }
}
