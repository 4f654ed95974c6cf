import Testing

@testable import Worker

@Suite("Processors that a worker may use")
struct ProcessorLimitTests {
  private func processors(_ allowed: Int, _ files: [String: String]) -> Int {
    ProcessorLimit.processors(allowed: allowed) { files[$0] }
  }

  @Test(
    "without a control group it is those that it is allowed on, within bounds",
    arguments: [(8, 8), (0, 1), (-1, 1), (5000, 1024)])
  func bare(allowed: Int, expected: Int) {
    #expect(processors(allowed, [:]) == expected)
  }

  @Test(
    "a quota of cgroup v2 is rounded up, and no quota is no limit",
    arguments: [
      ("200000 100000\n", 2), ("150000 100000\n", 2), ("50000 100000", 1), ("1 100000", 1), ("max 100000\n", 16),
      ("9999999 100000", 16),
      ("", 16), ("200000", 16), ("200000 0", 16), ("-1 100000", 16), ("99999999999999999999 100000", 16), ("x y", 16),
    ])
  func second(text: String, expected: Int) {
    #expect(processors(16, ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": text]) == expected)
  }

  @Test("the tightest group on the way up counts")
  func lineage() {
    let files = [
      "/proc/self/cgroup": "0::/kubepods/pod1/worker\n", "/sys/fs/cgroup/kubepods/pod1/worker/cpu.max": "400000 100000",
      "/sys/fs/cgroup/kubepods/pod1/cpu.max": "300000 100000", "/sys/fs/cgroup/kubepods/cpu.max": "max 100000",
    ]
    #expect(processors(16, files) == 3)
    #expect(processors(2, files) == 2)
  }

  @Test("a quota of cgroup v1 counts too, under the host's path or at the root of what a container sees")
  func first() {
    let lines = "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n"
    for folder in ["/docker/abc", "", "/docker"] {
      let files = [
        "/proc/self/cgroup": lines, "/sys/fs/cgroup/cpu\(folder)/cpu.cfs_quota_us": "250000\n",
        "/sys/fs/cgroup/cpu\(folder)/cpu.cfs_period_us": "100000\n",
      ]
      #expect(processors(16, files) == 3, "\(folder)")
    }
    let unlimited = [
      "/proc/self/cgroup": lines, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    ]
    #expect(processors(16, unlimited) == 16)
    #expect(
      processors(16, ["/proc/self/cgroup": "4:cpuset:/\nnonsense\n::\n", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "1"])
        == 16)
  }

  @Test("here it is a number of this machine")
  func here() {
    #expect((1...1024).contains(ProcessorLimit.current))
  }
}
