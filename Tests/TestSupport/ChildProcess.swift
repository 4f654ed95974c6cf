import Foundation
import Glibc
import Synchronization

/// A program that a test started: its output line by line, its end, and signals to it.
///
/// It is killed at `deinit`, and by the kernel when the test process dies. Signals never reach a recycled process id:
/// the process is reaped under the same lock that guards `signal`.
public final class ChildProcess: Sendable {
  /// How a process ended.
  public enum Exit: Sendable, Equatable {
    /// It returned this status.
    case status(Int32)
    /// This signal ended it.
    case signal(Int32)
  }

  /// The process id; valid until `exit` is known.
  public let processID: Int32
  /// The program and its arguments, for failure messages.
  public let commandLine: String

  private let state: ChildState
  private let input: Mutex<Int32>

  /// Starts `program` (a path, or a name looked up in PATH).
  ///
  /// - Parameters:
  ///   - environment: the whole environment of the child when `inherits` is false, else additions to ours.
  ///   - folder: its working directory.
  ///   - input: whether its standard input is a pipe to write to by `write`; else it is /dev/null.
  public init(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:], inherits: Bool = true,
    folder: String? = nil, input: Bool = false
  ) throws(SupportError) {
    let path = try Tool.path(of: program)
    let keeper = try Tool.path(of: "setpriv")
    var all = inherits ? ProcessInfo.processInfo.environment : [:]
    all.merge(environment) { $1 }
    commandLine = ([path] + arguments).joined(separator: " ")

    let out = try Pipe.make()
    let err = try Pipe.make()
    let feed = input ? try Pipe.make() : nil
    // Both replace themselves by the next, so the process id is the program's.
    let move = folder.map { ["env", "-C", $0] } ?? []
    let request = SpawnRequest(
      path: keeper, arguments: ["setpriv", "--pdeathsig", "KILL"] + move + [path] + arguments, environment: all,
      input: feed?.reader, output: out.writer, error: err.writer)
    let result = SpawnThread.shared.run { request.start() }
    close(out.writer)
    close(err.writer)
    if let feed { close(feed.reader) }
    self.input = Mutex(feed?.writer ?? -1)
    switch result {
    case .failure(let error):
      close(out.reader)
      close(err.reader)
      if let feed { close(feed.writer) }
      throw error
    case .success(let pid):
      processID = pid
    }
    state = ChildState(processID: processID)
    let state = self.state
    state.readLines(of: out.reader, stream: .output)
    state.readLines(of: err.reader, stream: .error)
    state.awaitExit()
  }

  deinit {
    state.signal(SIGKILL, group: true)
    closeInput()
  }

  /// Every line of standard output so far.
  public var outputLines: [String] { state.lines(of: .output) }
  /// Every line of standard error so far.
  public var errorLines: [String] { state.lines(of: .error) }
  /// Both streams as text, for failure messages and for greps over all that was logged.
  public var log: String { (outputLines + errorLines).joined(separator: "\n") }
  /// How it ended; nil while it runs.
  public var exit: Exit? { state.exit }
  /// Whether it has not ended yet.
  public var isRunning: Bool { state.exit == nil }

  /// Sends `signal`; does nothing when the process has ended.
  public func signal(_ signal: Int32) { state.signal(signal, group: false) }
  /// SIGKILL to the process and what it started, then waits for its end.
  public func kill() {
    state.signal(SIGKILL, group: true)
    _ = state.waitForExit(seconds: 10)
  }
  /// SIGTERM; does not wait.
  public func terminate() { signal(SIGTERM) }
  /// SIGSTOP: the process stands still.
  public func pause() { signal(SIGSTOP) }
  /// SIGCONT: the process goes on.
  public func resume() { signal(SIGCONT) }

  /// Writes all of `text` to its standard input.
  public func write(_ text: String) throws(SupportError) {
    let bytes = Array(text.utf8)
    // A child that has gone is an error here (EPIPE), and no signal that would end the tests. Blocked in this thread alone,
    // as children would inherit it if it was ignored.
    var brokenPipe = sigset_t()
    sigemptyset(&brokenPipe)
    sigaddset(&brokenPipe, SIGPIPE)
    var before = sigset_t()
    pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
    defer {
      var noTime = timespec()
      sigtimedwait(&brokenPipe, nil, &noTime)
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    let failure: SupportError? = input.withLock { descriptor in
      var sent = 0
      while sent < bytes.count {
        let n = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + sent, bytes.count - sent) }
        if n < 0 && errno == EINTR { continue }
        if n < 0 { return SupportError.system("write to \(commandLine)", errno) }
        sent += n
      }
      return nil
    }
    if let failure { throw failure }
  }

  /// Ends its standard input.
  public func closeInput() {
    input.withLock {
      if $0 >= 0 { close($0) }
      $0 = -1
    }
  }

  /// Waits for a line, of either stream, that holds `text`, and returns it.
  ///
  /// - Throws: when the deadline passes or the process ends without it; the error carries the last lines.
  @discardableResult
  public func line(containing text: String, within limit: Duration = .seconds(20)) async throws -> String {
    try await line(within: limit, described: "a line with \"\(text)\"") { $0.contains(text) }
  }

  /// Waits for a line, of either stream, that satisfies `matches`, and returns it.
  @discardableResult
  public func line(
    within limit: Duration = .seconds(20), described: String, where matches: @escaping @Sendable (String) -> Bool
  ) async throws -> String {
    let found = await offThread { [state] in state.waitForLine(seconds: limit.seconds, matches) }
    guard let found else {
      throw SupportError(
        "\(commandLine): \(described) did not come within \(limit) (exit: \(exit.map { "\($0)" } ?? "still runs"))."
          + " Last lines:\n\(tail)")
    }
    return found
  }

  /// Waits for its end.
  @discardableResult
  public func waitForExit(within limit: Duration = .seconds(20)) async throws -> Exit {
    guard let exit = await offThread({ [state] in state.waitForExit(seconds: limit.seconds) }) else {
      throw SupportError("\(commandLine): still runs after \(limit). Last lines:\n\(tail)")
    }
    return exit
  }

  /// As `line(containing:)`, blocking the calling thread.
  func blockingLine(containing text: String, seconds: Double) -> String? {
    state.waitForLine(seconds: seconds) { $0.contains(text) }
  }

  /// As `waitForExit`, blocking the calling thread.
  func blockingExit(seconds: Double) -> Exit? { state.waitForExit(seconds: seconds) }

  /// The last lines of both streams, for failure messages.
  public var tail: String {
    (outputLines.suffix(15) + errorLines.suffix(25)).map { "  | \($0)" }.joined(separator: "\n")
  }
}

/// Runs a blocking wait on a thread of its own, so that no thread of the cooperative pool is held.
func offThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread { continuation.resume(returning: body()) }.start()
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
