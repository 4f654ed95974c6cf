import Glibc
import RedisWire
import Sealing
import Service
import Transport

/// A redis-server of our own over a snapshot, from which another server takes the data as a replica.
///
/// It listens on one address under a random password, in a folder of its own, writes nothing, and ends with this value.
@EventLoop
final class SourceServer {
  let host: String
  let port: Int
  let password: String
  let client: RedisClient
  private let folder: String
  private let program: ChildProgram

  /// Starts it and waits until it has loaded the file.
  ///
  /// - Throws: exit code 69 when there is no redis-server, 1 when it cannot load the file.
  init(_ file: String, listen host: String, program path: String?, database: Int, _ control: RestoreControl)
    async throws(ProgramEnd)
  {
    guard let program = path ?? ChildProgram.find("redis-server") else {
      throw .failed(
        .unavailable, "restoring an RDB needs redis-server, which is not in PATH; --redis-server says where it is")
    }
    self.host = host
    do throws(SealingError) {
      password = Hex.string(try SecureRandom.bytes(32))
    } catch {
      throw .failed(.failure, "\(error)")
    }
    folder = try Self.makeFolder()
    do throws(ProgramEnd) {
      try Self.link(file, in: folder)
      var tries = 0
      while true {
        tries += 1
        let port = Int.random(in: 20_000...59_999)
        let child = try Self.start(program, folder: folder, host: host, port: port, password: password)
        var url = RedisURL(.unix(path: "\(folder)/s"))
        url.password = password
        url.database = database
        let client = RedisClient(RedisOptions(url: url, clientName: "jobctl"))
        client.start()
        do throws(ProgramEnd) {
          try await Self.waitUntilLoaded(client, child, folder: folder, control)
        } catch {
          await client.shutdown()
          child.end()
          if tries < 10, Self.log(folder).contains("in use") {
            unlink("\(folder)/log")
            continue
          }
          throw error
        }
        (self.port, self.client, self.program) = (port, client, child)
        return
      }
    } catch {
      Self.remove(folder)
      throw error
    }
  }

  /// Ends it and removes its folder.
  func end() async {
    await client.shutdown()
    program.end()
    Self.remove(folder)
  }

  private static func makeFolder() throws(ProgramEnd) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // The path of a socket is at most 107 bytes long, and stands in quotes in a configuration file.
    let isFit = parent.utf8.count < 80 && parent.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 && $0 != 92 }
    var template = Array("\(isFit ? parent : "/tmp")/jobctl-restore.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw .failed(.failure, "no temporary folder can be made: \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Under a name of its own, as a server puts what it saves in the place of its file.
  private static func link(_ file: String, in folder: String) throws(ProgramEnd) {
    guard let real = realpath(file, nil) else {
      throw .failed(.notFound, "\(file) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { free(real) }
    guard symlink(real, "\(folder)/dump.rdb") == 0 else {
      throw .failed(.failure, "\(folder)/dump.rdb cannot be made: \(String(cString: strerror(errno)))")
    }
  }

  private static func start(
    _ program: String, folder: String, host: String, port: Int, password: String
  ) throws(ProgramEnd) -> ChildProgram {
    // In a file that only we can read: arguments are seen by everybody.
    let lines = [
      "bind \(host)", "port \(port)", "unixsocket \"\(folder)/s\"", "unixsocketperm 700", "dir \"\(folder)\"",
      "dbfilename dump.rdb", "requirepass \(password)", "save \"\"", "appendonly no", "repl-diskless-sync yes",
      "repl-diskless-sync-delay 0", "client-output-buffer-limit replica 0 0 0", "daemonize no",
    ]
    do throws(FileBytes.Failure) {
      try FileBytes.replace("\(folder)/redis.conf", with: Array(lines.joined(separator: "\n").utf8 + [10]))
    } catch {
      throw .failed(.failure, "\(folder)/redis.conf cannot be written: \(error)")
    }
    return try ChildProgram(program, ["\(folder)/redis.conf"], output: .file("\(folder)/log"))
  }

  private static func waitUntilLoaded(
    _ client: RedisClient, _ child: ChildProgram, folder: String, _ control: RestoreControl
  ) async throws(ProgramEnd) {
    while true {
      try control.check()
      guard child.isRunning else {
        throw .failed(.failure, "redis-server cannot load the file:\n\(log(folder))")
      }
      do throws(RedisError) {
        _ = try await client.execute(RedisCommand("PING"), timeout: .seconds(2))
        return
      } catch {
        // It starts, or it loads: then PING answers LOADING.
        control.tell("redis-server loads the file")
      }
      await control.pause()
    }
  }

  private static func log(_ folder: String) -> String {
    do throws(FileBytes.Failure) {
      let lines = try FileBytes.text("\(folder)/log").split(separator: "\n").suffix(8)
      return lines.map { "  \($0)" }.joined(separator: "\n")
    } catch {
      return "  (no log: \(error))"
    }
  }

  private static func remove(_ folder: String) {
    for name in ["dump.rdb", "redis.conf", "log", "s"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
}
