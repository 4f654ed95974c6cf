import HTTPWire
import JSONWire
import Jobs

/// Which dead letters an operation is for: `{"ids":[..]}` or `{"filter":{..},"limit":n}`, and `dry_run`.
struct DeadSelection: Sendable, Equatable {
  /// How the letters are named.
  enum Target: Sendable, Equatable {
    case ids([JobID])
    /// All that fit, or at most `limit`.
    case filter(DeadFilter, limit: Int?)
  }

  /// Letters of one call. More of a filter without a limit make a job of the operation; with one they are told as
  /// `complete: false`, and the call may be sent again.
  static let most = 1000

  var target: Target
  /// Whether nothing is to be changed.
  var isDryRun: Bool

  /// Reads the body.
  ///
  /// - Throws: 422 `invalid-filter` that names every field at fault.
  init(_ value: JSONValue) throws(Problem) {
    var fields = JSONFieldReader(value)
    isDryRun = fields.optionalBool("dry_run") ?? false
    let ids = fields.optionalArray("ids", count: 1...Self.most)
    let filter = fields.optionalObject("filter") { DeadFilter(&$0) }
    let limit = fields.optionalInt("limit", in: 1...Self.most)
    if let ids {
      var known: [JobID] = []
      for id in ids {
        if let text = id.asString, let id = JobID(text) {
          known.append(id)
        } else {
          fields.reject(id, "must be the id of a job")
        }
      }
      target = .ids(known)
      if filter != nil { fields.reject("filter", "expected either ids or filter") }
      if limit != nil { fields.reject("limit", "goes with filter alone") }
    } else {
      target = .filter(filter ?? DeadFilter(), limit: limit)
      if filter == nil, fields.problems.isEmpty {
        fields.reject("ids", "expected ids or filter; {\"filter\":{}} is for all")
      }
    }
    do throws(JSONProblems) {
      try fields.finish()
    } catch {
      throw Problem(
        .unprocessable, "invalid-filter", "The selection is not valid",
        errors: error.problems.map { FieldProblem($0.pointer, $0.detail) })
    }
  }
}
