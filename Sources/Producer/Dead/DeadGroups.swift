import JSONWire
import Jobs

/// Dead letters counted by what they died of.
struct DeadGroups: Sendable {
  private struct Name: Hashable, Sendable {
    let queue: QueueName
    let kind: String?
    let reason: DeathReason?
    let error: String
  }

  private struct Group: Sendable {
    var count = 0
    var firstMs = Int64.max
    var lastMs = Int64.min
    var example: JobID
  }

  /// Characters of an error that tell groups apart.
  private static let errorCharacters = 200

  private var groups: [Name: Group] = [:]

  /// How many groups there are.
  var count: Int { groups.count }

  /// Counts a letter.
  mutating func add(_ record: JobRecord) {
    let line = (record.error ?? "").split(whereSeparator: \.isNewline).first ?? ""
    let name = Name(
      queue: record.id.queue, kind: record.kind, reason: record.reason, error: String(line.prefix(Self.errorCharacters))
    )
    var group = groups[name] ?? Group(example: record.id)
    group.count += 1
    let diedMs = record.finishedMs ?? 0
    group.firstMs = min(group.firstMs, diedMs)
    group.lastMs = max(group.lastMs, diedMs)
    groups[name] = group
  }

  /// Writes the groups, the largest first.
  func write(to writer: inout JSONWriter) {
    let sorted = groups.sorted { left, right in
      (right.value.count, left.key.queue.text, left.key.error) < (
        left.value.count, right.key.queue.text, right.key.error
      )
    }
    writer.array("groups") { writer in
      for (name, group) in sorted {
        writer.object { writer in
          writer.field("queue", name.queue.text)
          writer.optional("kind", name.kind)
          writer.optional("reason", name.reason?.rawValue)
          writer.field("error", name.error)
          writer.field("count", group.count)
          writer.optional("first_at", JobDocument.instant(group.firstMs))
          writer.optional("last_at", JobDocument.instant(group.lastMs))
          writer.field("example", group.example.text)
        }
      }
    }
  }
}
