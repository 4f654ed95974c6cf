import Glibc
import JSONWire

/// Writes figures for scripts/bench to read, and the reason when there are none.
enum Report {
  /// One line of JSON on standard output, at once.
  static func write(_ body: (inout JSONWriter) throws -> Void) rethrows {
    var writer = JSONWriter()
    try writer.object(body)
    put(writer.text + "\n", on: STDOUT_FILENO)
  }

  static func fail(_ error: any Error) -> Never {
    put("bench: \(error)\n", on: STDERR_FILENO)
    exit(1)
  }

  private static func put(_ text: String, on descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
        if count <= 0 { return }
        sent += count
      }
    }
  }
}

extension JSONWriter {
  mutating func field(_ name: String, _ values: [Double]) {
    array(name) { array in for value in values { array.double(value) } }
  }
}
