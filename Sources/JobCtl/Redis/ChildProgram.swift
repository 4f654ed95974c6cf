import Glibc
import Service

/// A program of Redis that jobctl starts: redis-check-rdb, redis-server. Ended with this value at the latest.
final class ChildProgram {
  /// Where what it prints goes.
  enum Output {
    case null
    case file(String)
  }

  let processID: pid_t
  private var status: Int32?

  /// Where a program of this name is in PATH; nil when it is in none of the folders.
  static func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// Starts it, with nothing on its standard input.
  ///
  /// - Throws: exit code 69 when it cannot be started.
  init(_ path: String, _ arguments: [String], output: Output) throws(ProgramEnd) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let file: String
    switch output {
    case .null: file = "/dev/null"
    case .file(let path): file = path
    }
    posix_spawn_file_actions_addopen(&actions, 1, file, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // What jobctl blocks for itself, its child shall get.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [
      strdup("PATH=/usr/local/bin:/usr/bin:/bin"), strdup("LC_ALL=C"), nil,
    ]
    defer { for variable in environment { free(variable) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, path, &actions, &attributes, &words, &environment)
    guard failure == 0 else {
      throw .failed(.unavailable, "\(path) cannot be started: \(String(cString: strerror(failure)))")
    }
    processID = pid
  }

  deinit { end() }

  /// Waits for its end; the exit status, or 128 and more for a signal.
  func wait() -> Int32 { reap(0) ?? -1 }

  /// Whether it has not ended yet.
  var isRunning: Bool { reap(WNOHANG) == nil }

  /// SIGTERM, then SIGKILL after 5 s; waits for its end.
  func end() {
    guard isRunning else { return }
    kill(processID, SIGTERM)
    for _ in 0..<500 {
      if !isRunning { return }
      poll(nil, 0, 10)
    }
    kill(processID, SIGKILL)
    _ = wait()
  }

  private func reap(_ options: Int32) -> Int32? {
    if let status { return status }
    var raw: Int32 = 0
    var result: pid_t
    repeat { result = waitpid(processID, &raw, options) } while result < 0 && errno == EINTR
    if result == 0 { return nil }
    let signal = raw & 0x7f
    status = result < 0 ? -1 : signal == 0 ? (raw >> 8) & 0xff : 128 + signal
    return status
  }
}
