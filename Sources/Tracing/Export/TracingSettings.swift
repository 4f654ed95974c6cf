public import HTTPWire
public import Service
public import Transport

/// Where spans go: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_CERTIFICATE, OTEL_EXPORTER_OTLP_HEADERS and OTEL_SERVICE_NAME.
///
/// See https://opentelemetry.io/docs/specs/otel/protocol/exporter/.
public struct TracingSettings: Sendable {
  /// A receiver of spans.
  public struct Receiver: Sendable {
    /// The server and the path that traces, metrics and logs have in common.
    public let url: HTTPURL
    /// Whom TLS believes; nil for plain HTTP.
    public let authorities: TLSContext?
    /// Fields of every request, such as an API key.
    public let headers: HTTPHeaders
    /// The name under which spans appear; nil for the program's own.
    public let serviceName: String?

    /// A receiver.
    public init(
      url: HTTPURL, authorities: TLSContext? = nil, headers: HTTPHeaders = HTTPHeaders(), serviceName: String? = nil
    ) {
      self.url = url
      self.authorities = authorities
      self.headers = headers
      self.serviceName = serviceName
    }

    /// Where traces are posted: the common path and `/v1/traces`.
    public var tracesPath: String { url.path + "/v1/traces" }
  }

  /// nil: no spans are made.
  public let receiver: Receiver?

  /// Reads them.
  public init(_ reader: inout ConfigurationReader) {
    let url: HTTPURL? = reader.url(
      "OTEL_EXPORTER_OTLP_ENDPOINT", "receiver of spans (OTLP over HTTP, JSON); none are made without it",
      default: nil, expected: "http://HOST[:PORT][/PATH] or https://...", parse: HTTPURL.init)
    let certificate = reader.optionalString(
      "OTEL_EXPORTER_OTLP_CERTIFICATE", "https: file of the authorities to believe; else the system's")
    var authorities: TLSContext?
    if url?.isSecure == true {
      do throws(TransportError) {
        authorities = try TLSContext(authorities: certificate)
      } catch {
        reader.reject("OTEL_EXPORTER_OTLP_CERTIFICATE", expected: "a PEM file of certificates (\(error))")
      }
    }
    let name = reader.optionalString("OTEL_SERVICE_NAME", "the name under which spans appear")
    var headers = HTTPHeaders()
    if let secret = reader.secret("OTEL_EXPORTER_OTLP_HEADERS", "fields for the receiver of spans: name=value,...") {
      if let parsed = OTLPHeaders.parse(secret.text) {
        headers = parsed
      } else {
        reader.reject("OTEL_EXPORTER_OTLP_HEADERS", expected: OTLPHeaders.expected)
      }
    }
    receiver = url.map { Receiver(url: $0, authorities: authorities, headers: headers, serviceName: name) }
  }
}
