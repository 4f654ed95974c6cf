import CLinux
import Glibc
import Service

/// How many processors this process may use at once: those of the machine that it is allowed on, or less where a container has a
/// limit on processor time.
enum ProcessorLimit {
  /// The number, 1 to 1024.
  static var current: Int {
    var allowed = Int(wc_allowed_processors())
    if allowed < 1 { allowed = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
    return processors(allowed: allowed) { path in
      // A file that is not there is no limit; neither is one that may not be read.
      do { return try FileBytes.text(path, limit: 64 << 10) } catch { return nil }
    }
  }

  /// The least of `allowed` and the quotas of all control groups that the process is in, rounded up.
  ///
  /// - Parameter read: the text of a file; nil when there is none.
  /// - Source: cgroup-v2.rst (`cpu.max`), sched-bwc.rst (`cpu.cfs_quota_us`), cgroups(7) (`/proc/self/cgroup`).
  static func processors(allowed: Int, read: (_ path: String) -> String?) -> Int {
    var least = min(max(allowed, 1), 1024)
    for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      if fields[1].isEmpty {
        for folder in lineage(of: fields[2]) {
          let words = (read("/sys/fs/cgroup\(folder)/cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
          if words.count == 2 { least = min(least, rounded(quota: Int(words[0]), period: Int(words[1]))) }
        }
      } else if fields[1].split(separator: ",").contains("cpu") {
        for folder in lineage(of: fields[2]) {
          let base = "/sys/fs/cgroup/cpu\(folder)/cpu.cfs_"
          guard let quota = read(base + "quota_us"), let period = read(base + "period_us") else { continue }
          least = min(least, rounded(quota: number(quota), period: number(period)))
        }
      }
    }
    return least
  }

  /// A group and those above it, as a limit of each binds. Inside a container without a view of its own the path is the host's,
  /// and only the last one, the root of what is mounted, is there.
  private static func lineage(of path: Substring) -> [String] {
    let names = path.split(separator: "/")
    return (0...names.count).reversed().map { count in names.prefix(count).map { "/\($0)" }.joined() }
  }

  /// No quota (`max`, -1) is no limit.
  private static func rounded(quota: Int?, period: Int?) -> Int {
    guard let quota, let period, quota > 0, period > 0 else { return Int.max }
    return max(1, quota / period + (quota % period == 0 ? 0 : 1))
  }

  private static func number(_ text: String) -> Int? {
    text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
  }
}
