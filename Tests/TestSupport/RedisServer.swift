import Foundation
import Glibc
import Synchronization

/// A private redis-server: own folder, own unix socket, gone with this value and with the test process.
///
/// A missing redis-server binary is an error, so the test fails; it is never skipped.
public final class RedisServer: Sendable {
  /// How the server is started.
  public struct Options: Sendable {
    /// Whether it writes an append-only file.
    public var appendOnly = false
    /// `appendfsync`: always, everysec or no.
    public var appendFsync = "everysec"
    /// `maxmemory`, such as `8mb`; nil is no limit. The policy is always noeviction.
    public var maxMemory: String?
    /// Whether it listens on a free TCP port of 127.0.0.1 beside the unix socket.
    public var tcp = false
    /// Whether it is a Redis Cluster of one node that owns every slot; implies `tcp`.
    public var cluster = false
    /// More command-line settings, such as `["--requirepass", "secret"]`.
    public var settings: [String] = []
    /// The password that `command` sends first.
    public var password: String?

    /// The defaults: nothing is written to disk, unix socket only.
    public init() {}

    /// The defaults with an append-only file.
    public static var durable: Options {
      var options = Options()
      options.appendOnly = true
      options.appendFsync = "always"
      return options
    }

    /// A cluster of one node.
    public static var cluster: Options {
      var options = Options()
      options.cluster = true
      return options
    }

    /// The defaults with a TCP port.
    public static var tcp: Options {
      var options = Options()
      options.tcp = true
      return options
    }
  }

  /// The TCP port, when one was asked for.
  public let port: Int?
  private let folder: TemporaryFolder
  private let options: Options
  private let process = Mutex<ChildProcess?>(nil)

  /// Starts the server and waits until it answers PING.
  public init(_ options: Options = Options()) throws {
    self.options = options
    folder = try TemporaryFolder("wc-redis")
    port = options.tcp || options.cluster ? try FreePort.next() : nil
    try start()
    if options.cluster { try claimEverySlot() }
  }

  /// The unix socket.
  public var socketPath: String { folder.file("redis.sock") }
  /// `unix://` and the socket's path.
  public var url: String { "unix://\(socketPath)" }
  /// `redis://127.0.0.1:port/0`; an error when no TCP port was asked for.
  public var tcpURL: String {
    get throws {
      guard let port else { throw SupportError("RedisServer was started without a TCP port: use Options.tcp") }
      return "redis://127.0.0.1:\(port)/0"
    }
  }
  /// Where it is reached by a socket.
  public var address: SocketAddress { .unix(path: socketPath) }
  /// Its folder: append-only file, snapshot, log.
  public var dataFolder: String { folder.path }
  /// Its process id.
  public var processID: Int32? { process.withLock { $0?.processID } }
  /// Whether it runs.
  public var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }
  /// What it logged since its last start.
  public var log: String { process.withLock { $0?.log ?? "" } }

  /// Starts it, with the same folder and ports, and waits until it answers PING (after loading its files).
  public func start() throws {
    var arguments = [
      "--port", "\(port ?? 0)", "--bind", "127.0.0.1", "--unixsocket", socketPath, "--unixsocketperm", "700", "--dir",
      folder.path, "--save", "", "--appendonly", options.appendOnly ? "yes" : "no", "--appendfsync",
      options.appendFsync, "--maxmemory-policy", "noeviction", "--hash-max-listpack-value", "1024", "--daemonize", "no",
      "--protected-mode", "no", "--enable-debug-command", "local", "--loglevel", "notice", "--logfile", "",
    ]
    if let limit = options.maxMemory { arguments += ["--maxmemory", limit] }
    if options.cluster {
      arguments += ["--cluster-enabled", "yes", "--cluster-port", "\(try FreePort.next())"]
      arguments += ["--cluster-require-full-coverage", "no"]
    }
    arguments += options.settings
    unlink(socketPath)
    let child = try ChildProcess("redis-server", arguments, folder: folder.path)
    process.withLock { $0 = child }
    guard child.blockingLine(containing: "eady to accept connections", seconds: 20) != nil else {
      throw SupportError("redis-server did not become ready:\n\(child.tail)")
    }
    try waitForPing()
  }

  /// SIGKILL: what was not written to disk is gone.
  public func kill() { process.withLock { $0 }?.kill() }

  /// SIGTERM, and waits for the end.
  public func terminate() {
    guard let child = process.withLock({ $0 }) else { return }
    child.resume()
    child.terminate()
    if child.blockingExit(seconds: 20) == nil { child.kill() }
  }

  /// Ends it (by SIGKILL when `killing`) and starts it again over the same files.
  public func restart(killing: Bool = false) throws {
    if killing { kill() } else { terminate() }
    try start()
  }

  /// SIGSTOP: it accepts connections by the kernel's backlog and answers nothing.
  public func pause() { process.withLock { $0 }?.pause() }

  /// SIGCONT.
  public func resume() { process.withLock { $0 }?.resume() }

  /// Sends one command on a connection of its own; an error reply is returned, not thrown.
  @discardableResult
  public func command(_ arguments: String...) throws -> RedisReply {
    try connect().command(arguments.map { Array($0.utf8) })
  }

  /// As `command(_:)`, with arguments of any bytes.
  @discardableResult
  public func command(bytes arguments: [[UInt8]]) throws -> RedisReply {
    try connect().command(arguments)
  }

  /// A connection of its own, for several commands or for SUBSCRIBE.
  public func connect() throws -> RedisLine {
    let line = try RedisLine(to: address)
    if let password = options.password {
      let reply = try line.command([Array("AUTH".utf8), Array(password.utf8)])
      guard reply == .simple("OK") else { throw SupportError("AUTH: \(reply)") }
    }
    return line
  }

  private func waitForPing() throws {
    var last = "no attempt"
    for _ in 0..<200 {
      do {
        let reply = try command("PING")
        if reply == .simple("PONG") { return }
        last = reply.description
      } catch {
        last = "\(error)"
      }
      poll(nil, 0, 10)
    }
    throw SupportError("redis-server does not answer PING: \(last)\n\(log)")
  }

  private func claimEverySlot() throws {
    let reply = try command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
    guard reply == .simple("OK") else { throw SupportError("CLUSTER ADDSLOTSRANGE: \(reply)") }
    for _ in 0..<500 {
      if try command("CLUSTER", "INFO").text?.contains("cluster_state:ok") == true { return }
      poll(nil, 0, 10)
    }
    throw SupportError("the cluster of one node did not become ok:\n\(log)")
  }
}
