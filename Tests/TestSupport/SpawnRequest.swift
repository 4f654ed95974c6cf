import Glibc

/// Everything that posix_spawn needs for one child.
struct SpawnRequest: Sendable {
  let path: String
  let arguments: [String]
  let environment: [String: String]
  let input: Int32?
  let output: Int32
  let error: Int32

  /// Starts the child with no blocked and no ignored signal, in a process group of its own.
  func start() -> Result<pid_t, SupportError> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, error, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var every = sigset_t()
    sigemptyset(&none)
    sigfillset(&every)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &every)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETPGROUP)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, path, &actions, &attributes, &argv, &envp)
    return code == 0 ? .success(pid) : .failure(.system("posix_spawn \(arguments.joined(separator: " "))", code))
  }
}

/// A pipe whose ends no other child inherits.
struct Pipe {
  let reader: Int32
  let writer: Int32

  static func make() throws(SupportError) -> Pipe {
    // On the thread that forks, so that no other child can start between the two calls.
    let ends = SpawnThread.shared.run {
      var ends: [Int32] = [-1, -1]
      if pipe(&ends) == 0 { for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) } }
      return ends
    }
    guard ends[0] >= 0 else { throw SupportError("pipe: no descriptor is free") }
    return Pipe(reader: ends[0], writer: ends[1])
  }
}
