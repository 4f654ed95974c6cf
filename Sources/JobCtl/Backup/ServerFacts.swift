import Jobs
import RedisWire
import Transport

/// What INFO says about a server.
struct ServerFacts: Sendable {
  private let fields: [String: String]

  /// Asks the server.
  ///
  /// - Redis: INFO.
  @EventLoop
  init(_ client: RedisClient) async throws(RedisError) {
    let reply = try await client.execute(RedisCommand("INFO"))
    self.init(text: reply.string ?? "")
  }

  init(text: String) {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
    }
    self.fields = fields
  }

  subscript(name: String) -> String? { fields[name] }

  var version: String { fields["redis_version"] ?? "unknown" }
  var runID: String { fields["run_id"] ?? "unknown" }

  /// Keys of each database that has any.
  var keyspace: [String: Int64] {
    var counts: [String: Int64] = [:]
    for (name, value) in fields where name.hasPrefix("db") && Int(name.dropFirst(2)) != nil {
      counts[name] = value.split(separator: ",").first.flatMap { Int64($0.dropFirst(5)) } ?? 0
    }
    return counts
  }

  var keys: Int64 { keyspace.values.reduce(0, +) }
}
