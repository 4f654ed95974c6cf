import HTTPWire
import JSONWire
import Jobs

/// Says of a job what the API would say, as far as that can be known here: not whether its queue has room, its unique key is
/// free, or its payload is what the kind's worker wants.
struct LocalCheck {
  private let reader = JobRequestReader(kinds: Kinds(testKinds: true))
  /// What a line of a bulk has beyond a job, and the longest of each in bytes.
  private static let others = [(name: "ref", longest: 510), (name: "idempotency_key", longest: 255)]

  /// The problem with a job; nil when there is none.
  func problem(_ job: [UInt8]) -> Problem? {
    do {
      let root = try JSONDocument(job, limits: JSONLimits(bytes: reader.maxBytes)).root
      var problems = Self.others.compactMap { other in Self.problem(root, other.name, longest: other.longest) }
      do throws(JobRequestError) {
        _ = try reader.read(root, besides: Self.others.map(\.name))
      } catch {
        problems += error.problems.map { FieldProblem($0.pointer, $0.detail) }
      }
      return problems.isEmpty ? nil : .row(errors: problems)
    } catch {
      return Problem(
        .badRequest, "malformed-json", "The line is no JSON", detail: "\(error.code) at byte \(error.offset)")
    }
  }

  private static func problem(_ job: JSONValue, _ name: String, longest: Int) -> FieldProblem? {
    guard let value = job[name], !value.isNull else { return nil }
    if let text = value.asStringBytes, (name == "ref" ? 0 : 1)...longest ~= text.count { return nil }
    return FieldProblem("/\(name)", "expected a string of at most \(longest) bytes")
  }
}
