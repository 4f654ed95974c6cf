import Glibc

/// Where finished log lines go; each call gets one whole line with its newline, from any thread.
public typealias LogSink = @Sendable (_ line: [UInt8]) -> Void

/// The sinks of the programs.
public enum LogSinks {
  /// Standard error; a line is one write(2), so that lines of several threads and processes do not mix.
  ///
  /// What standard error does not take is lost: a log that cannot be written must not stop the service.
  public static let standardError: LogSink = { line in
    StandardStream.error.write(line)
  }
}

/// Standard output and standard error, without buffers.
public enum StandardStream: Int32, Sendable {
  /// File descriptor 1.
  case output = 1
  /// File descriptor 2.
  case error = 2

  /// Whether it is a terminal.
  public var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Writes `bytes`, in one write(2) if the system takes them at once; returns whether all were written.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(rawValue, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Writes text.
  @discardableResult
  public func write(_ text: String) -> Bool { write(Array(text.utf8)) }
}
