import Jobs

/// Whose jobs a caller may see: all of them, or those that are nobody's in particular and the caller's own.
///
/// Jobs over private memories belong to whoever submitted them. To others they look as if they did not exist.
struct Viewer: Sendable {
  /// Whom the caller's jobs belong to; nil where there are no callers by name.
  let owner: String?
  /// Whether the caller sees everything: an operator, or anybody where everything is open.
  let seesAll: Bool

  /// Anybody where everything is open.
  static let everybody = Viewer(owner: nil, seesAll: true)

  /// Whether jobs of a kind belong to their submitter.
  static func isOwned(_ kind: String) -> Bool { kind.hasPrefix("memory.") }

  /// Whether the caller may know of a schedule, by its jobs.
  func maySee(_ template: Schedule.Template) -> Bool {
    guard !seesAll, Self.isOwned(template.kind.text) else { return true }
    return owner != nil && template.owner == owner
  }

  /// Whether the caller may know of a job. One whose kind nobody knows yet shows nothing but its state.
  func maySee(_ record: JobRecord) -> Bool {
    guard !seesAll, let kind = record.kind, Self.isOwned(kind) else { return true }
    return owner != nil && record.options.owner == owner
  }
}
