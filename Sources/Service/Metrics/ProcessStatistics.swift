private import CLinux
import Glibc

/// What the kernel and the allocator know about this process, read from /proc/self; costs some system calls.
public struct ProcessStatistics: Sendable {
  /// CPU time used, user and system together, in seconds.
  public var cpuSeconds = 0.0
  /// Resident memory in bytes.
  public var residentBytes = 0
  /// Virtual memory in bytes.
  public var virtualBytes = 0
  /// Threads.
  public var threads = 0
  /// Open file descriptors.
  public var openFiles = 0
  /// The most file descriptors that may be open; the soft limit.
  public var mostFiles = 0
  /// When the process started, in Unix seconds; 0 when that is unknown.
  public var startSeconds = 0.0
  /// Bytes in use in the heap of malloc.
  public var heapUsedBytes = 0
  /// Bytes that malloc has taken from the system.
  public var heapTotalBytes = 0

  /// The statistics at this moment; nil when /proc is not to be read.
  public static func read() -> ProcessStatistics? {
    let text: String
    do { text = try FileBytes.text("/proc/self/stat") } catch { return nil }
    var statistics = ProcessStatistics()
    guard
      statistics.parse(stat: text, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)), pageSize: sysconf(Int32(_SC_PAGESIZE)))
    else { return nil }
    statistics.openFiles = countOpenFiles()
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit) == 0 {
      statistics.mostFiles = Int(clamping: limit.rlim_cur)
    }
    let heap = mallinfo2()
    statistics.heapUsedBytes = Int(clamping: heap.uordblks) + Int(clamping: heap.hblkhd)
    statistics.heapTotalBytes = Int(clamping: heap.arena) + Int(clamping: heap.hblkhd)
    return statistics
  }

  /// Seconds since the start.
  public var uptimeSeconds: Double {
    startSeconds > 0 ? max(0, Double(WallClock.nowMs()) / 1000 - startSeconds) : 0
  }

  /// Takes the numbers of /proc/self/stat (proc(5)); false when it is not as described there.
  ///
  /// The name of the program may hold blanks and parentheses, so that fields are counted from the last parenthesis.
  mutating func parse(stat: String, ticksPerSecond: Int, pageSize: Int) -> Bool {
    guard ticksPerSecond > 0, let end = stat.lastIndex(of: ")") else { return false }
    let fields = stat[stat.index(after: end)...].split(whereSeparator: \.isWhitespace)
    // Field 3 of proc(5) is the first after the name.
    let number = { (field: Int) in fields.indices.contains(field - 3) ? Int(fields[field - 3]) : nil }
    guard let user = number(14), let system = number(15), let threads = number(20), let start = number(22),
      let size = number(23), let pages = number(24)
    else { return false }
    cpuSeconds = (Double(user) + Double(system)) / Double(ticksPerSecond)
    self.threads = threads
    virtualBytes = size
    residentBytes = pages.multipliedReportingOverflow(by: pageSize).partialValue
    startSeconds = ProcessStatistics.bootSeconds.map { $0 + Double(start) / Double(ticksPerSecond) } ?? 0
    return true
  }

  /// When the system started, in Unix seconds; read once, so that a corrected clock does not move the start.
  private static let bootSeconds: Double? = {
    let text: String
    do { text = try FileBytes.text("/proc/stat", limit: 16 << 20) } catch { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("btime ") { return Double(line.dropFirst(6)) }
    return nil
  }()

  private static func countOpenFiles() -> Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Less ".", ".." and the folder itself.
    return max(0, count - 3)
  }
}
