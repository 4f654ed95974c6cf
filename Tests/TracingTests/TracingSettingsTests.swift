import HTTPWire
import Service
import TestSupport
import Testing
import Transport

@testable import Tracing

@Suite("Settings of traces")
struct TracingSettingsTests {
  private static let program = ProgramDescription(name: "p", summary: "s", examples: [])

  private func read(_ environment: [String: String]) -> Result<TracingSettings, SupportError> {
    switch Launch.read(Self.program, arguments: [], environment: environment, { TracingSettings(&$0) }) {
    case .run(let settings, _), .check(let settings, _): .success(settings)
    case .end(let end): .failure(SupportError(end.errors))
    }
  }

  @Test("without an endpoint there is no receiver")
  func off() throws {
    #expect(try read([:]).get().receiver == nil)
    #expect(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": "", "OTEL_SERVICE_NAME": "x"]).get().receiver == nil)
  }

  @Test("/v1/traces goes behind the endpoint's own path")
  func path() throws {
    for (url, path) in [
      ("http://c:4318", "/v1/traces"), ("http://c:4318/", "/v1/traces"), ("http://c/otlp", "/otlp/v1/traces"),
      ("http://[::1]:4318/a/b/", "/a/b/v1/traces"),
    ] {
      #expect(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": url]).get().receiver?.tracesPath == path, "\(url)")
    }
  }

  @Test("name and fields are read; percent escapes are undone")
  func headers() throws {
    let receiver = try #require(
      try read([
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SERVICE_NAME": "prover",
        "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b=c, Authorization = Bearer%20t",
      ]).get().receiver)
    #expect(receiver.serviceName == "prover" && receiver.url.endpoint == .tcp(host: "c", port: 4318))
    #expect(receiver.headers["api-key"] == "a b=c" && receiver.headers["authorization"] == "Bearer t")
  }

  @Test(
    "malformed fields are refused without a word of them",
    arguments: [
      "a", "=v", "a=b,", ",a=b", "a b=c", "a=%zz", "a=%+1", "a=%0a", "a=%", "a=b,A=c", "Host=x", "content-type=x",
      "a=\u{E9}",
    ])
  func malformed(text: String) throws {
    let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_HEADERS": text + "sesame"]
    guard case .failure(let error) = read(environment) else {
      Issue.record("\(text) was taken")
      return
    }
    #expect("\(error)".contains("OTEL_EXPORTER_OTLP_HEADERS") && !"\(error)".contains("sesame"), "\(error)")
  }

  @Test("an endpoint that is no URL is refused", arguments: ["c:4318", "ftp://c", "http://u@c"])
  func refused(url: String) {
    guard case .failure(let error) = read(["OTEL_EXPORTER_OTLP_ENDPOINT": url]) else {
      Issue.record("\(url) was taken")
      return
    }
    #expect("\(error)".contains("http://HOST"), "\(error)")
  }

  @Test("https believes the system's authorities, or those of a file")
  func secured() throws {
    let url = ["OTEL_EXPORTER_OTLP_ENDPOINT": "https://c"]
    let receiver = try #require(try read(url).get().receiver)
    #expect(receiver.authorities != nil && receiver.url.endpoint == .tcp(host: "c", port: 443))
    #expect(try read(["OTEL_EXPORTER_OTLP_ENDPOINT": "http://c"]).get().receiver?.authorities == nil)
    guard case .failure(let error) = read(url.merging(["OTEL_EXPORTER_OTLP_CERTIFICATE": "/nothing"]) { $1 }) else {
      Issue.record("a file that is not there was taken")
      return
    }
    #expect("\(error)".contains("OTEL_EXPORTER_OTLP_CERTIFICATE"), "\(error)")
  }
}
