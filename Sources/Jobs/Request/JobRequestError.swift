public import JSONWire

/// Why a text is no request for a job; it never repeats what is inside the payload.
public enum JobRequestError: Error, Sendable, Hashable {
  /// It is not JSON.
  case json(JSONError)
  /// Fields are wrong; all of them are told at once.
  case fields([JSONProblem])
  /// The payload is longer than allowed.
  case payloadTooLarge(bytes: Int, limit: Int)

  /// A stable word for problems, logs and metrics.
  public var code: String {
    switch self {
    case .json: "invalid_json"
    case .fields: "invalid_job"
    case .payloadTooLarge: "payload_too_large"
    }
  }

  /// Where and what, for a list of problems.
  public var problems: [JSONProblem] {
    switch self {
    case .json(let error): [JSONProblem(pointer: error.pointer, detail: error.message)]
    case .fields(let problems): problems
    case .payloadTooLarge: [JSONProblem(pointer: "/payload", detail: description)]
    }
  }
}

extension JobRequestError: CustomStringConvertible {
  /// What is wrong, in one line.
  public var description: String {
    switch self {
    case .json(let error): "this is not JSON: \(error)"
    case .fields(let problems): problems.map(\.description).joined(separator: "; ")
    case .payloadTooLarge(let bytes, let limit):
      "the payload is \(bytes) bytes long and may be \(limit); send less, or raise MAX_PAYLOAD_BYTES"
    }
  }
}
