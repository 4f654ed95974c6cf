public import JSONWire

extension HTTPRequest {
  /// The collected body as a JSON document.
  ///
  /// - Parameter types: the content types that are taken.
  /// - Throws: 415 `unsupported-media-type` for another content type, 400 `malformed-json` with the place, 413
  ///   `payload-too-large` beyond `limits.bytes`.
  public func json(
    limits: JSONLimits = .default, types: [String] = ["application/json"]
  ) throws(Problem) -> JSONDocument {
    guard types.contains(where: hasContentType) else {
      let known = types.joined(separator: ", ")
      throw Problem(
        .unsupportedMediaType, "unsupported-media-type", "The content type is not supported here",
        detail: "Send Content-Type: \(known).", headers: ["Accept": known])
    }
    do throws(JSONError) {
      return try JSONDocument(body, limits: limits)
    } catch {
      throw Problem(error)
    }
  }
}

extension Problem {
  /// What a JSON error says to the client: 413 when the document is too large, else 400.
  public init(_ error: JSONError) {
    if error.code == .tooLarge {
      self.init(.contentTooLarge, "payload-too-large", "The body is too large", detail: error.description)
    } else {
      self.init(
        .badRequest, "malformed-json", "The body is not valid JSON",
        errors: [FieldProblem(error.pointer, error.description)])
    }
  }
}
