import HTTPWire
import JSONWire
import Jobs

/// One line of a bulk: a job as `POST /api/v1/jobs` takes it, and two fields of its own.
struct BulkLine {
  /// What the caller calls it, as JSON; empty for none.
  var ref: [UInt8] = []
  /// Its idempotency key.
  var key: String?
  /// What it asks for.
  var request: Result<JobRequest, Problem>

  /// The longest `ref`, in bytes of JSON.
  static let longestRef = 512
  /// What a line has beyond a job.
  private static let ownFields = ["ref", "idempotency_key"]

  /// Reads a line; a bad one is a value too.
  init(_ text: [UInt8], _ reader: JobRequestReader) {
    let document: JSONDocument
    do {
      document = try JSONDocument(text, limits: JSONLimits(bytes: reader.maxBytes))
    } catch {
      request = .failure(Problem(error))
      return
    }
    let root = document.root
    let ref = root["ref"]
    let key = root["idempotency_key"]
    var problems: [FieldProblem] = []
    if let ref {
      if ref.kind == .string, ref.range.count <= Self.longestRef {
        self.ref = ref.rawBytes
      } else if !ref.isNull {
        problems.append(FieldProblem("/ref", "expected a string of at most \(Self.longestRef - 2) bytes"))
      }
    }
    if let key {
      if let bytes = key.asStringBytes, IdempotencyKey.isKey(bytes) {
        self.key = String(decoding: bytes, as: UTF8.self)
      } else if !key.isNull {
        problems.append(
          FieldProblem("/idempotency_key", "expected 1 to \(IdempotencyKey.longest) printable ASCII characters"))
      }
    }
    do throws(JobRequestError) {
      request = .success(try reader.read(root, besides: Self.ownFields))
    } catch {
      request = .failure(Problem(error))
    }
    if problems.isEmpty { return }
    if case .failure(let problem) = request { problems += problem.errors }
    request = .failure(Problem(.unprocessable, "invalid-job", "The job is not valid", errors: problems))
  }
}
