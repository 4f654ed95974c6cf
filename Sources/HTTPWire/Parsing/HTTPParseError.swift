/// Why bytes are not an HTTP/1.1 message; after any of them the connection cannot be read on.
public enum HTTPParseError: Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// The first line is not `method SP target SP version`.
  case malformedRequestLine
  /// The first line of a response is not `version SP code SP reason`.
  case malformedStatusLine
  /// The target is not in origin-form, absolute-form or, for OPTIONS, `*`.
  case malformedTarget
  /// The target is longer than `HTTPLimits.targetBytes`.
  case targetTooLong
  /// The version is neither HTTP/1.0 nor HTTP/1.1.
  case unsupportedVersion
  /// CONNECT is not offered.
  case unsupportedMethod
  /// A CR without LF or a LF without CR.
  case bareLineEnd
  /// A line that begins with a blank: a folded field, which RFC 9112 section 5.2 lets a server refuse.
  case foldedField
  /// A field name that is empty, is followed by a blank or holds a byte that no token has.
  case malformedFieldName
  /// A field value with a control byte.
  case malformedFieldValue
  /// More field lines than `HTTPLimits.fields`.
  case tooManyFields
  /// A head longer than `HTTPLimits.headBytes`.
  case headTooLarge
  /// HTTP/1.1 without Host.
  case missingHost
  /// More than one Host.
  case duplicateHost
  /// A Host that is no host and port.
  case malformedHost
  /// A Content-Length that is no plain number or stands more than once.
  case malformedContentLength
  /// Content-Length beside Transfer-Encoding: two readers could see two bodies.
  case ambiguousLength
  /// Transfer-Encoding whose last coding is not `chunked`, or in HTTP/1.0.
  case malformedTransferEncoding
  /// A transfer coding before `chunked`.
  case unsupportedTransferEncoding
  /// An expectation other than `100-continue`.
  case unsupportedExpectation
  /// A chunk without its size, with a size too large, or without its CRLF.
  case malformedChunk
  /// Chunk extensions longer than `HTTPLimits.extensionBytes`.
  case extensionsTooLong
  /// A trailer section longer than `HTTPLimits.trailerBytes`.
  case trailersTooLong
  /// A body longer than its limit.
  case bodyTooLarge
  /// The peer ended the stream inside a message.
  case truncated

  /// The stable name of the error, in snake_case.
  public var code: String { facts.code }

  /// The status to answer with before the connection is closed.
  public var status: HTTPStatus { HTTPStatus(facts.status) }

  /// What is wrong and what would be right.
  public var description: String { facts.text }

  private var facts: (code: String, status: Int, text: String) {
    switch self {
    case .malformedRequestLine:
      ("malformed_request_line", 400, "the request line is not 'METHOD target HTTP/1.1' with single spaces")
    case .malformedStatusLine: ("malformed_status_line", 502, "the status line is not 'HTTP/1.1 code reason'")
    case .malformedTarget: ("malformed_target", 400, "the request target is not a path or an http URL of visible ASCII")
    case .targetTooLong: ("target_too_long", 414, "the request target is too long; send the parameters in a body")
    case .unsupportedVersion: ("unsupported_version", 505, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    case .unsupportedMethod: ("unsupported_method", 501, "CONNECT is not offered here")
    case .bareLineEnd: ("bare_line_end", 400, "a line of the head does not end with CRLF")
    case .foldedField: ("folded_field", 400, "a field line begins with a blank; write each field on one line")
    case .malformedFieldName:
      ("malformed_field_name", 400, "a field name is empty or holds a blank or a byte that no name may hold")
    case .malformedFieldValue: ("malformed_field_value", 400, "a field value holds a control byte")
    case .tooManyFields: ("too_many_fields", 431, "there are too many header fields")
    case .headTooLarge: ("head_too_large", 431, "the header fields are too large")
    case .missingHost: ("missing_host", 400, "an HTTP/1.1 request needs a Host field")
    case .duplicateHost: ("duplicate_host", 400, "there is more than one Host field")
    case .malformedHost: ("malformed_host", 400, "the Host field is not a host and port")
    case .malformedContentLength:
      ("malformed_content_length", 400, "Content-Length is not one plain decimal number, sent once")
    case .ambiguousLength: ("ambiguous_length", 400, "Content-Length and Transfer-Encoding stand together; send one")
    case .malformedTransferEncoding:
      ("malformed_transfer_encoding", 400, "Transfer-Encoding is not 'chunked' in an HTTP/1.1 message")
    case .unsupportedTransferEncoding:
      ("unsupported_transfer_encoding", 501, "no transfer coding but 'chunked' is known here")
    case .unsupportedExpectation:
      ("unsupported_expectation", 417, "no expectation but '100-continue' is known here")
    case .malformedChunk: ("malformed_chunk", 400, "a chunk of the body has no valid size or no CRLF after it")
    case .extensionsTooLong: ("extensions_too_long", 400, "the chunk extensions are too long")
    case .trailersTooLong: ("trailers_too_long", 431, "the trailer fields are too large")
    case .bodyTooLarge: ("body_too_large", 413, "the body is larger than this route takes")
    case .truncated: ("truncated", 400, "the connection ended inside a message")
    }
  }
}
