import Foundation
import Service
import TestSupport
import Testing

@testable import enum Service.Environment

@Suite("The environment")
struct EnvironmentTests {
  @Test("the environment of this process is read")
  func current() throws {
    let environment = try Service.Environment.current()
    #expect(environment["PATH"] == ProcessInfo.processInfo.environment["PATH"])
  }

  @Test("entries without a name or an equals sign are passed over, the first of two counts")
  func parsing() {
    let bytes = Array("A=1\0B=x=y\0=z\0C\0\0A=2\0D=\0E=\u{E9}".utf8) + [0xFF]
    #expect(Service.Environment.parse(bytes) == ["A": "1", "B": "x=y", "D": "", "E": "é\u{FFFD}"])
    #expect(Service.Environment.parse([]) == [:])
  }
}
